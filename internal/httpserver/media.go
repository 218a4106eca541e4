package httpserver

import (
	"mime"
	"strconv"
	"strings"
)

const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
	mediaCSV      = "text/csv"
	mediaEvents   = "text/event-stream"
)

// labels are media types as an answer is labelled with them.
var labels = map[string][]string{mediaJSON: {mediaJSON + utf8Label}, mediaResponse: {mediaResponse + utf8Label}}

const utf8Label = "; charset=utf-8"

// labelOf labels an answer.
func labelOf(media string) []string {
	if label, common := labels[media]; common {
		return label
	}
	return []string{media + utf8Label}
}

// negotiate picks the media type of the answer from the Accept headers: the one with the higher
// weight, the one named first among equals, application/json when nothing or a wildcard is asked for.
func negotiate(accept []string) (media string, ok bool) {
	if len(accept) == 0 || len(accept) == 1 && accept[0] == mediaJSON { // as programs mostly say it
		return mediaJSON, true
	}
	best := 0.0
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		name, weight := acceptable(part)
		if weight > best {
			media, best = name, weight
		}
	}
	if strings.TrimSpace(strings.Join(accept, "")) == "" {
		return mediaJSON, true
	}
	return media, best > 0
}

// acceptable says what one media range lets us send, and how gladly; a weight of 0 means nothing.
func acceptable(mediaRange string) (media string, weight float64) {
	name, params, err := mime.ParseMediaType(mediaRange)
	if err != nil {
		return "", 0
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return "", 0
	}
	weight = 1
	if q, ok := params["q"]; ok {
		weight, _ = strconv.ParseFloat(q, 64)
	}
	switch name {
	case mediaJSON, mediaResponse, mediaCSV, mediaEvents:
		return name, weight
	case "*/*", "application/*":
		return mediaJSON, weight
	default:
		return "", 0
	}
}
