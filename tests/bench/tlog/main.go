// The peer of the ledger's figures: Go's sumdb/note and sumdb/tlog do what the server does, with the same exported files.
//
//	tlog verify KEY FOLDER   all that `curbcut ledger verify` looks at: the signature, each entry against its leaf, its form, and
//	                         each tile against the root that was signed
//	tlog serve KEY FOLDER    GET /ledger/receipt/N over HTTP; prints its port
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height  = 8
	width   = 1 << height
	atATime = 16 // tiles of entries: what every call looks at beside them is looked at once for so many
)

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "tlog: "+format+"\n", args...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		die("%s: %v", what, err)
	}
}

// ---- the folder ----

type folder struct {
	path       string
	checkpoint string
	tree       tlog.Tree
	above      map[tlog.Tile][]byte // tiles above the leaves; nil: none are kept
}

// C2SP's addresses are Go's without the height, and entries are not called data.
func (f *folder) read(tile tlog.Tile) ([]byte, error) {
	name := strings.Replace(strings.TrimPrefix(tile.Path(), "tile/8/"), "data/", "entries/", 1)
	return os.ReadFile(filepath.Join(f.path, "tile", name))
}

func (f *folder) Height() int { return height }

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		if kept, ok := f.above[tile]; ok {
			data[i] = kept
			continue
		}
		bytes, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

func (f *folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		if tile.L > 0 && f.above != nil {
			f.above[tile] = data[i]
		}
	}
}

// Any hash of the tree out of the tile that has it, as who made the tiles need not prove them to itself.
func (f *folder) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		tile := tlog.TileForIndex(height, index)
		if there := f.tree.N>>(height*tile.L) - tile.N*width; there < width {
			tile.W = int(there)
		} else {
			tile.W = width
		}
		data, err := f.read(tile)
		if err == nil {
			hashes[i], err = tlog.HashFromTile(tile, data, index)
		}
		if err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

func (f *folder) entries(n int64) ([][]byte, error) {
	tile := tlog.Tile{H: height, L: -1, N: n, W: width}
	if f.tree.N-n*width < width {
		tile.W = int(f.tree.N - n*width)
	}
	data, err := f.read(tile)
	if err != nil {
		return nil, err
	}
	found := make([][]byte, 0, tile.W)
	for len(data) >= 2 {
		size := 2 + int(binary.BigEndian.Uint16(data))
		if size > len(data) {
			break
		}
		found, data = append(found, data[2:size]), data[size:]
	}
	if len(data) > 0 || len(found) != tile.W {
		return nil, fmt.Errorf("the entries of tile %d are cut off", n)
	}
	return found, nil
}

func open(keyFile, path string) *folder {
	text, err := os.ReadFile(keyFile)
	must(err, "the key")
	key, err := note.NewVerifier(strings.TrimSpace(string(text)))
	must(err, "the key")
	checkpoint, err := os.ReadFile(filepath.Join(path, "checkpoint"))
	must(err, "the checkpoint")
	opened, err := note.Open(checkpoint, note.VerifierList(key))
	must(err, "the checkpoint")
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() {
		die("not a checkpoint: %q", opened.Text)
	}
	f := &folder{path: path, checkpoint: string(checkpoint)}
	f.tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	must(err, "the size")
	f.tree.Hash, err = tlog.ParseHash(lines[2])
	must(err, "the root")
	return f
}

// ---- an entry: one map of texts to integers, texts and byte strings, in CBOR's one order (RFC 8949, 4.2.1) ----

func readHead(data []byte) (major byte, value uint64, rest []byte, ok bool) {
	if len(data) == 0 {
		return 0, 0, nil, false
	}
	major, value, rest = data[0]>>5, uint64(data[0]&0x1f), data[1:]
	if value < 24 {
		return major, value, rest, true
	}
	n := 1 << (value - 24)
	if value > 27 || len(rest) < n {
		return 0, 0, nil, false
	}
	value = 0
	for _, b := range rest[:n] {
		value = value<<8 | uint64(b)
	}
	shortest := value >= 24
	if n > 1 {
		shortest = value>>(4*n) != 0
	}
	return major, value, rest[n:], shortest
}

func readBytes(data []byte, n uint64) (bytes, rest []byte, ok bool) {
	if n > uint64(len(data)) {
		return nil, nil, false
	}
	return data[:n], data[n:], true
}

func isEntry(data []byte) bool {
	major, n, rest, ok := readHead(data)
	before := ""
	if !ok || major != 5 || n == 0 || n > 23 {
		return false
	}
	for ; n > 0; n-- {
		var value uint64
		var name, text []byte
		if major, value, rest, ok = readHead(rest); !ok || major != 3 {
			return false
		}
		if name, rest, ok = readBytes(rest, value); !ok || len(name) < len(before) || (len(name) == len(before) && string(name) <= before) {
			return false
		}
		before = string(name)
		if major, value, rest, ok = readHead(rest); !ok || major > 3 {
			return false
		}
		if major < 2 {
			continue
		}
		if text, rest, ok = readBytes(rest, value); !ok || (major == 3 && !utf8.Valid(text)) {
			return false
		}
	}
	return len(rest) == 0
}

// ---- verify ----

func (f *folder) verify() {
	f.above = map[tlog.Tile][]byte{}
	reader := tlog.TileHashReader(f.tree, f)
	for from := int64(0); from < f.tree.N; from += atATime * width {
		to := from + atATime*width
		if to > f.tree.N {
			to = f.tree.N
		}
		indexes := make([]int64, 0, atATime*width)
		for n := from; n < to; n++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, n))
		}
		leaves, err := reader.ReadHashes(indexes)
		must(err, "the tiles")
		for n := from; n < to; n += width {
			entries, err := f.entries(n / width)
			must(err, "the entries")
			for i, entry := range entries {
				if tlog.RecordHash(entry) != leaves[n-from+int64(i)] || !isEntry(entry) {
					die("entry %d is not the one that was signed", n+int64(i))
				}
			}
		}
	}
	fmt.Printf("%d entries are as they were signed\n", f.tree.N)
}

// ---- serve ----

func (f *folder) receipt(index int64) (string, error) {
	if index < 0 || index >= f.tree.N {
		return "", fmt.Errorf("no entry %d", index)
	}
	entries, err := f.entries(index / width)
	if err != nil {
		return "", err
	}
	proof, err := tlog.ProveRecord(f.tree.N, index, f)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n", base64.StdEncoding.EncodeToString(entries[index%width]), index)
	for _, hash := range proof {
		fmt.Fprintf(&out, "%s\n", base64.StdEncoding.EncodeToString(hash[:]))
	}
	fmt.Fprintf(&out, "\n%s", f.checkpoint)
	return out.String(), nil
}

func (f *folder) serve() {
	http.HandleFunc("/ledger/receipt/", func(reply http.ResponseWriter, request *http.Request) {
		index, err := strconv.ParseInt(strings.TrimPrefix(request.URL.Path, "/ledger/receipt/"), 10, 64)
		var text string
		if err == nil {
			text, err = f.receipt(index)
		}
		if err != nil {
			http.Error(reply, err.Error(), http.StatusNotFound)
			return
		}
		reply.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(reply, text)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err, "listening")
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	must(http.Serve(listener, nil), "serving")
}

func main() {
	if len(os.Args) != 4 {
		die("usage: tlog verify|serve KEY FOLDER")
	}
	f := open(os.Args[2], os.Args[3])
	switch os.Args[1] {
	case "verify":
		f.verify()
	case "serve":
		f.serve()
	default:
		die("usage: tlog verify|serve KEY FOLDER")
	}
}
