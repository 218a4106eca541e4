// Package machine tells what this machine is and how busy, and what processes take of its
// processors and its memory, as far as Linux says it. What that is divided by is told by those who ask.
package machine

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// Says is what this machine is, as far as it tells.
func Says() string {
	said := fmt.Sprintf("%d cores", runtime.NumCPU())
	if model := find("/proc/cpuinfo", `model name\s*: (.*)`); model != "" {
		said += " of " + model
	}
	if kib, err := strconv.Atoi(find("/proc/meminfo", `MemTotal:\s+(\d+)`)); err == nil {
		said += fmt.Sprintf(", %d GiB", (kib+1<<19)>>20)
	}
	if system := find("/etc/os-release", `PRETTY_NAME="(.*)"`); system != "" {
		return said + ", " + system
	}
	return said + ", " + runtime.GOOS
}

// LoadAverage says how busy the machine is: runnable processes in the last 1, 5 and 15 minutes.
func LoadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

// find is the first group of a pattern in a file, or nothing.
func find(path, pattern string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if m := regexp.MustCompile(pattern).FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}
