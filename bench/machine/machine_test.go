package machine

import (
	"os"
	"testing"
)

func TestAProcessHoldsMemoryOfItsOwnAndOfFiles(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not tell what a process holds")
	}
	if all, mapped := Resident(os.Getpid()); mapped <= 0 || all <= mapped {
		t.Errorf("%d bytes, %d of them of files; want some of both", all, mapped)
	}
}

func TestNothingIsToldOfAProcessThatIsNotThere(t *testing.T) {
	const none = 1 << 30
	if all, mapped := Resident(none); all != 0 || mapped != 0 || Spent(none) != 0 {
		t.Errorf("%d bytes, %d of files, %s of the processor; want nothing", all, mapped, Spent(none))
	}
}
