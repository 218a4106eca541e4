// Package program builds programs and runs servers as processes of their own: it starts them,
// knows when they are ready, keeps what they say and stops them. What they are asked, and what they
// take of the machine, is told by others.
package program

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Build builds a program of this module.
func Build(ctx context.Context, out, pkg string) error {
	return Run(exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", out, pkg))
}

// Run runs a command to its end; what it says goes into the error.
func Run(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(command.Path), err, end(out, 4000))
	}
	return nil
}

func end(text []byte, length int) []byte { return text[max(0, len(text)-length):] }

// Server is the command of a server: it lasts until it is stopped.
func Server(ctx context.Context, program string, args ...string) *exec.Cmd {
	return exec.CommandContext(context.WithoutCancel(ctx), program, args...)
}

// FreeAddress is one of this machine that nobody serves at.
func FreeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// Process is a server that runs.
type Process struct {
	command *exec.Cmd
	log     string
	ended   chan struct{}
}

// Start starts the command of a server. What it says goes into a file.
func Start(command *exec.Cmd, log string) (*Process, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // the process has its own handle
	command.Stdout, command.Stderr = file, file
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(command.Path), err)
	}
	p := &Process{command: command, log: log, ended: make(chan struct{})}
	go func() { _ = command.Wait(); close(p.ended) }() // how it ended is in its log
	return p, nil
}

// startWait is how long a server may take until it is ready.
const startWait = 2 * time.Minute

// Await waits until a server is ready: until it can be asked something without an error.
func (p *Process) Await(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-p.ended:
			return fmt.Errorf("it ended while starting\n%s", p.Said())
		case <-ctx.Done():
			return fmt.Errorf("it did not answer: %w\n%s", err, p.Said())
		}
	}
}

// ID is the number of the process.
func (p *Process) ID() int { return p.command.Process.Pid }

// Signal tells the process something.
func (p *Process) Signal(s os.Signal) error { return p.command.Process.Signal(s) }

// Said is the end of what it said.
func (p *Process) Said() []byte {
	log, _ := os.ReadFile(p.log) // only adds to an error
	return end(log, 2000)
}

// stopWait is how long a process may take to end.
const stopWait = 20 * time.Second

// Stop interrupts the process, if there is one, and waits for its end; one that does not end is
// made to.
func (p *Process) Stop() error {
	if p == nil {
		return nil
	}
	err := p.Signal(syscall.SIGTERM)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	select {
	case <-p.ended:
	case <-time.After(stopWait):
		err = errors.Join(err, p.command.Process.Kill())
		<-p.ended
	}
	return err
}
