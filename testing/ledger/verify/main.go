// Checks a published ledger with the Go project's own packages, given only its tiles, its checkpoints and its verifier key.
//
//	verify FOLDER OLD-CHECKPOINT   (FOLDER has key, checkpoint and tile/… as they are served)
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, path(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// The path of a tile without its height, which C2SP tlog-tiles fixes at 8.
func path(tile tlog.Tile) string {
	return strings.Replace(strings.Replace(tile.Path(), "tile/8/", "tile/", 1), "tile/data/", "tile/entries/", 1)
}

func fail(check string, err error) {
	if err != nil {
		fmt.Printf("%s: %v\n", check, err)
		os.Exit(1)
	}
}

func open(file string, verifiers note.Verifiers) tlog.Tree {
	text, err := os.ReadFile(file)
	fail("checkpoint", err)
	opened, err := note.Open(text, verifiers)
	fail("signature", err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	fail("checkpoint", err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	fail("checkpoint", err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

func main() {
	folder, older := os.Args[1], os.Args[2]
	key, err := os.ReadFile(filepath.Join(folder, "key"))
	fail("key", err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	fail("key", err)
	verifiers := note.VerifierList(verifier)
	tree, old := open(filepath.Join(folder, "checkpoint"), verifiers), open(older, verifiers)
	reader := tlog.TileHashReader(tree, tiles{folder})

	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	fail("consistency", err)
	fail("consistency", tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))

	var indexes []int64
	var leaves []tlog.Hash
	for n := int64(0); n < tree.N; {
		width := 256
		if tree.N-n < 256 {
			width = int(tree.N - n)
		}
		data, err := os.ReadFile(filepath.Join(folder, path(tlog.Tile{H: 8, L: -1, N: n / 256, W: width})))
		fail("entries", err)
		for i := 0; i < width; i++ {
			length := int(binary.BigEndian.Uint16(data))
			leaves = append(leaves, tlog.RecordHash(data[2:2+length]))
			indexes = append(indexes, tlog.StoredHashIndex(0, n))
			data = data[2+length:]
			n++
		}
	}
	stored, err := reader.ReadHashes(indexes)
	fail("inclusion", err)
	for n, leaf := range leaves {
		if stored[n] != leaf {
			fail("inclusion", fmt.Errorf("entry %d is not the one in the tree", n))
		}
	}
	for _, n := range []int64{0, 1, 255, 256, tree.N / 2, tree.N - 1} {
		if n >= tree.N {
			continue
		}
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		fail("inclusion", err)
		fail("inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaves[n]))
	}
	fmt.Printf("ok %d\n", tree.N)
}
