package machine

import (
	"fmt"
	"strconv"
)

// Resident is how many bytes of memory a process holds, and how many of them are of files that it
// has mapped, which the system takes back when others need room. They are 0 where it does not tell.
func Resident(pid int) (all, mapped int) {
	return status(pid, "VmRSS"), status(pid, "RssFile")
}

func status(pid int, field string) (bytes int) {
	kB, _ := strconv.Atoi(find(fmt.Sprintf("/proc/%d/status", pid), field+`:\s+(\d+) kB`)) // 0 when it is no number
	return kB << 10
}
