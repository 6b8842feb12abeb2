//go:build unix

package tracery

import (
	"fmt"
	"os"
	"syscall"
)

// Neither a link is followed nor a pipe waited for.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

func checkOwner(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder", folder)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to the user %d; use a folder of your own", folder, stat.Uid)
	}
	return refusedMode(folder, info.Mode())
}
