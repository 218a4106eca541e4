# Times measures of the R package netdiffuseR on a network that bench/spread has written.
#
#     Rscript netdiffuser.R DIR
#
# DIR holds ties.csv (learner, source) and adopted.csv (person, period; empty: never). For each line
# of standard input, the name of a measure, it prints the seconds that the measure takes.
suppressPackageStartupMessages(library(netdiffuseR))

dir <- commandArgs(trailingOnly = TRUE)[1]
ties <- read.csv(file.path(dir, "ties.csv"))
adopted <- read.csv(file.path(dir, "adopted.csv"), na.strings = "")$period
n <- length(adopted)
graph <- Matrix::sparseMatrix(i = ties$learner, j = ties$source, x = 1, dims = c(n, n))
net <- suppressWarnings(as_diffnet(graph, toa = adopted, t0 = 1L, t1 = 10L)) # it warns that ties stay the same

measures <- list(
  exposure = function() exposure(net),
  threshold = function() threshold(net),
  infectiousness = function() infection(net),
  susceptibility = function() susceptibility(net)
)

cat("netdiffuseR", as.character(packageVersion("netdiffuseR")), "on", R.version.string, "\n")
input <- file("stdin", "r")
while (length(name <- readLines(input, n = 1)) > 0) {
  cat(system.time(measures[[name]]())[["elapsed"]], "\n")
}
