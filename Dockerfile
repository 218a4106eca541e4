# The server alone in an image: a static binary with its seed data and pages inside.
FROM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /nicgraph ./cmd/nicgraph && mkdir /data

FROM scratch
# neo4j+s:// asks who signed the server's certificate.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /nicgraph /nicgraph
# The store's folder belongs to the user who serves; a new volume takes that over.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV NICGRAPH_LISTEN=:8080 NICGRAPH_DATA=/data
EXPOSE 8080
ENTRYPOINT ["/nicgraph"]
CMD ["serve"]
