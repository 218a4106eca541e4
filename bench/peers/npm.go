package peers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"nicgraph/bench/program"
)

// install unpacks a contestant of ours with its packages into the cache, once for each version of
// its files, and names the folder.
func install(ctx context.Context, cache, name string) (string, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		return "", &Missing{What: "npm is needed to fetch it", Err: err}
	}
	sum, err := fingerprint(name)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, name+"-"+sum)
	whole := filepath.Join(dir, "node_modules", ".package-lock.json") // npm writes it last
	if _, err := os.Stat(whole); err == nil {
		return dir, nil
	}
	if err := unpack(name, dir); err != nil {
		return "", err
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
	npm.Dir = dir
	if err := program.Run(npm); err != nil {
		return "", errors.Join(&Missing{What: "its packages cannot be fetched", Err: err}, os.RemoveAll(dir))
	}
	return dir, nil
}

// fingerprint tells the files of a contestant from those of other versions.
func fingerprint(name string) (string, error) {
	entries, err := files.ReadDir(name)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, entry := range entries {
		text, err := files.ReadFile(name + "/" + entry.Name())
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", entry.Name(), len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}
