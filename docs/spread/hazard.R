# Does exposure make adoption more likely? The same models as in hazard.py, in plain R.
#
#     nicgraph import --seed medinnovations
#     echo '{"practice": "tetracycline", "population": {"study": "medinnovations"}, "lag": 1}' |
#       nicgraph export --spread - --output person-period.csv
#     Rscript hazard.R person-period.csv
#
# The address of a server does instead of a file:
# http://127.0.0.1:8080/spread/person-period.csv?input={...}. With the package arrow,
# arrow::read_parquet reads the Parquet table.

arguments <- commandArgs(trailingOnly = TRUE)
table <- if (length(arguments) > 0) arguments[1] else "person-period.csv"
rows <- read.csv(table, na.strings = "", stringsAsFactors = FALSE)

# Missing exposure is not zero: it tells nothing, so such rows are left out.
known <- rows[!is.na(rows$exposure), ]
cat(sprintf("%d rows of %d parties, %d adoptions\n", nrow(rows), length(unique(rows$party)), sum(rows$adopted)))
cat(sprintf("%d rows with a known exposure, %d adoptions\n", nrow(known), sum(known$adopted)))

# A discrete-time hazard model is a logistic regression on person-periods (Allison 1982): with a
# chance of adopting that rises or falls steadily, then with a level of its own for each period.
models <- list(
  "steady in time" = adopted ~ exposure + period,
  "a level for each period" = adopted ~ exposure + factor(period)
)
for (name in names(models)) {
  fit <- glm(models[[name]], family = binomial, data = known)
  e <- summary(fit)$coefficients["exposure", ]
  cat(sprintf("%s: exposure %.4f (standard error %.4f, p %.4f)\n", name, e[1], e[2], e[4]))
}
