package machine

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit in which Linux counts the processor time of processes.
const tick = 10 * time.Millisecond

// Spent is the processor time that processes have used, with the children that they have now.
// It is 0 on systems that do not tell.
func Spent(pids ...int) time.Duration {
	var sum time.Duration
	for _, pid := range pids {
		sum += alone(pid) + Spent(children(pid)...)
	}
	return sum
}

func alone(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const user, system = 11, 12 // proc_pid_stat(5), counted from behind the name
	if len(fields) <= system {
		return 0
	}
	return ticks(fields[user]) + ticks(fields[system])
}

func ticks(text string) time.Duration {
	n, _ := strconv.Atoi(text) // 0 when it is no number
	return time.Duration(n) * tick
}

func children(pid int) []int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil
	}
	var pids []int
	for _, field := range strings.Fields(string(text)) {
		if child, err := strconv.Atoi(field); err == nil {
			pids = append(pids, child)
		}
	}
	return pids
}

// Own is the processor time that this process has used.
func Own() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
