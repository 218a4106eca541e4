package httpserver

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/vektah/gqlparser/v2/ast"
)

// metrics are what /metrics tells about the GraphQL endpoint, beside the Go runtime and the process.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	open     prometheus.Gauge
	bytes    prometheus.Histogram

	// Of queries that are answered, which are nearly all requests; looked up once.
	answered prometheus.Counter
	took     prometheus.Observer
}

func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "nicgraph_requests_total", Help: "GraphQL requests answered, by kind of operation and outcome.",
		}, []string{"kind", "outcome"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "nicgraph_request_duration_seconds", Help: "Time from the first byte read to the last byte handed over.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"kind"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "nicgraph_requests_in_flight", Help: "GraphQL requests being answered now.",
		}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "nicgraph_subscriptions_open", Help: "Subscriptions that are open now.",
		}),
		bytes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "nicgraph_answer_bytes", Help: "Size of answers before compression.",
			Buckets: prometheus.ExponentialBuckets(64, 4, 10),
		}),
	}
	m.answered, m.took = m.requests.WithLabelValues(string(ast.Query), "ok"), m.duration.WithLabelValues(string(ast.Query))
	registry.MustRegister(m.requests, m.duration, m.inFlight, m.open, m.bytes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(done served, took time.Duration) {
	answered, duration := m.answered, m.took
	if kind := done.kind(); kind != string(ast.Query) || done.code != "ok" {
		answered, duration = m.requests.WithLabelValues(kind, outcome(done.code)), m.duration.WithLabelValues(kind)
	}
	answered.Inc()
	duration.Observe(took.Seconds())
	m.bytes.Observe(float64(done.bytes))
}

// outcome keeps the label to the published codes, so that no extension can make it grow.
func outcome(code string) string {
	switch code {
	case "ok", "gone", "slow", codeBadInput, codeNotFound, codeConflict, codeLimit, codeTimeout,
		codeUnavailable, codeOverloaded, codeUnauthenticated, codeForbidden, codeInternal, codeNotPersisted:
		return code
	default:
		return "other"
	}
}
