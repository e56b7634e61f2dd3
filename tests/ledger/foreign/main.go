// A verifier of others: Go's sumdb/note and sumdb/tlog, which share nothing with the server, read what it serves.
//
//	foreign ORIGIN KEY SEED RECEIPT...
//
// It reads the checkpoint of the server at ORIGIN, proves random entries and random earlier sizes, takes the receipts (files),
// and must refuse 1,000 random changes to all of these. With WITNESS (a verifier key of type 0x04) in the environment the
// checkpoint must have a cosignature of that witness too, which must not be changed either. Prints what it did; the exit code is 1 when anything is not as it
// must be.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const mutations = 1000

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		die("%s: %v", what, err)
	}
}

type server struct {
	origin    string
	verifiers note.Verifiers
}

func (s server) get(path string) []byte {
	reply, err := http.Get(s.origin + path)
	must(err, path)
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	must(err, path)
	if reply.StatusCode != 200 {
		die("%s: %d %s", path, reply.StatusCode, body)
	}
	return body
}

// Go reads base64 also with line ends in it and with bits behind its end.
func strictBase64(text string) ([]byte, error) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err == nil && base64.StdEncoding.EncodeToString(bytes) != text {
		err = fmt.Errorf("not the one base64 of its bytes: %q", text)
	}
	return bytes, err
}

// tlog.ParseTree wants the first line of Go's own ledger. Each signature must be known and stand there once, as the ledger's
// own server writes it: note.Open lets unknown and double ones pass, and those of a witness are the more for a text to lose.
func (s server) openCheckpoint(text []byte, signatures int) (tlog.Tree, error) {
	opened, err := note.Open(text, s.verifiers)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.SplitAfter(string(text), "\n")
	for _, line := range lines[strings.Count(opened.Text, "\n")+1 : len(lines)-1] {
		if _, err := strictBase64(strings.TrimSuffix(line[strings.LastIndex(line, " ")+1:], "\n")); err != nil {
			return tlog.Tree{}, err
		}
		signatures--
	}
	if signatures != 0 || len(opened.UnverifiedSigs) > 0 {
		return tlog.Tree{}, fmt.Errorf("other signatures than there were")
	}
	return readTree(opened)
}

func readTree(opened *note.Note) (tlog.Tree, error) {
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != opened.Sigs[0].Name {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint: %q", opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("not a size: %q", lines[1])
	}
	hashes, err := readHashes(lines[2:3])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: hashes[0]}, err
}

func readHashes(lines []string) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(lines))
	for i, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err == nil {
			_, err = strictBase64(line)
		}
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// Every leaf of the tree, from the tiles of the lowest level.
func (s server) leaves(size int64) []tlog.Hash {
	var all []tlog.Hash
	for from := int64(0); from < size; from += 256 {
		path := fmt.Sprintf("/ledger/tile/0/%03d", from/256)
		if size-from < 256 {
			path += fmt.Sprintf(".p/%d", size-from)
		}
		tile := s.get(path)
		for at := 0; at+tlog.HashSize <= len(tile); at += tlog.HashSize {
			var hash tlog.Hash
			copy(hash[:], tile[at:])
			all = append(all, hash)
		}
	}
	if int64(len(all)) != size {
		die("%d leaves for a tree of %d", len(all), size)
	}
	return all
}

// What tlog keeps of a tree, so that it tells the root of any size.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

func store(leaves []tlog.Hash) stored {
	var all stored
	for n, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(n), leaf, all)
		must(err, "stored hashes")
		all = append(all, more...)
	}
	return all
}

// c2sp.org/tlog-proof: the entry's hash from `extra`, or the one that is known.
func (s server) checkProof(text []byte, known *tlog.Hash, signatures int) error {
	halves := bytes.SplitN(text, []byte("\n\n"), 2)
	if len(halves) != 2 {
		return fmt.Errorf("no empty line")
	}
	lines := strings.Split(string(halves[0]), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("first line %q", lines[0])
	}
	lines = lines[1:]
	var leaf tlog.Hash
	if known != nil {
		leaf = *known
	}
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		entry, err := strictBase64(strings.TrimPrefix(lines[0], "extra "))
		if err != nil {
			return err
		}
		leaf, lines = tlog.RecordHash(entry), lines[1:]
	} else if known == nil {
		return fmt.Errorf("no entry")
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return fmt.Errorf("no index")
	}
	word := strings.TrimPrefix(lines[0], "index ")
	index, err := strconv.ParseInt(word, 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != word {
		return fmt.Errorf("index %q", word)
	}
	path, err := readHashes(lines[1:])
	if err != nil {
		return err
	}
	tree, err := s.openCheckpoint(halves[1], signatures)
	if err != nil {
		return err
	}
	if index < 0 || index >= tree.N {
		return fmt.Errorf("index %d of %d", index, tree.N)
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf)
}

// One change: a bit, a byte less, a byte more, two lines in each other's place, a line less or twice.
func mutate(random *rand.Rand, text []byte) []byte {
	changed := append([]byte(nil), text...)
	at := random.Intn(len(changed))
	lines := bytes.SplitAfter(changed, []byte("\n"))
	one, two := random.Intn(len(lines)), random.Intn(len(lines))
	switch random.Intn(6) {
	case 0:
		return append(changed[:at], changed[at+1:]...)
	case 1:
		return append(changed[:at], append([]byte{byte(random.Intn(256))}, text[at:]...)...)
	case 2:
		lines[one], lines[two] = lines[two], lines[one]
		return bytes.Join(lines, nil)
	case 3:
		return bytes.Join(append(append([][]byte{}, lines[:one]...), lines[one+1:]...), nil)
	case 4:
		return bytes.Join(append(append([][]byte{}, lines[:one+1]...), lines[one:]...), nil)
	}
	changed[at] ^= 1 << random.Intn(8)
	return changed
}

func main() {
	if len(os.Args) < 4 {
		die("usage: foreign ORIGIN KEY SEED RECEIPT...")
	}
	key, err := note.NewVerifier(os.Args[2])
	must(err, "the key")
	seed, err := strconv.ParseInt(os.Args[3], 10, 64)
	must(err, "the seed")
	random := rand.New(rand.NewSource(seed))
	s := server{os.Args[1], note.VerifierList(key)}
	checkpoint := s.get("/ledger/checkpoint")
	if text := os.Getenv("WITNESS"); text != "" {
		witness, err := readWitness(text)
		must(err, "the witness")
		_, err = note.Open(checkpoint, note.VerifierList(witness))
		must(err, "the witness")
		s.verifiers = note.VerifierList(key, witness)
		fmt.Println("the witness has cosigned")
	}
	tree, err := s.openCheckpoint(checkpoint, count(checkpoint))
	must(err, "the checkpoint")
	leaves := s.leaves(tree.N)
	hashes := store(leaves)
	root, err := tlog.TreeHash(tree.N, hashes)
	must(err, "the root")
	if root != tree.Hash {
		die("the root is %v, the checkpoint says %v", root, tree.Hash)
	}
	// what must hold, with a function that says whether it still does when its text is another one
	type claim struct {
		name  string
		text  []byte
		check func(text []byte) error
	}
	claims := []claim{{"the checkpoint", checkpoint, func(text []byte) error {
		other, err := s.openCheckpoint(text, count(checkpoint))
		if err == nil && other != tree {
			err = fmt.Errorf("another tree")
		}
		return err
	}}}
	for i := 0; i < 40; i++ {
		index := random.Int63n(tree.N)
		leaf := leaves[index]
		path := fmt.Sprintf("/ledger/proof/%d", index)
		proof := s.get(path)
		claims = append(claims, claim{path, proof, func(text []byte) error {
			return s.checkProof(text, &leaf, count(proof))
		}})
		from := 1 + random.Int63n(tree.N)
		before, err := tlog.TreeHash(from, hashes)
		must(err, "an earlier root")
		path = fmt.Sprintf("/ledger/consistency/%d/%d", from, tree.N)
		claims = append(claims, claim{path, s.get(path), func(text []byte) error {
			lines := strings.Split(string(text), "\n")
			if lines[len(lines)-1] != "" {
				return fmt.Errorf("the last line does not end")
			}
			proof, err := readHashes(lines[:len(lines)-1])
			if err != nil {
				return err
			}
			return tlog.CheckTree(proof, tree.N, tree.Hash, from, before)
		}})
	}
	for _, file := range os.Args[4:] {
		one, err := os.ReadFile(file)
		must(err, file)
		claims = append(claims, claim{file, one, func(text []byte) error { return s.checkProof(text, nil, count(one)) }})
	}

	for _, one := range claims {
		must(one.check(one.text), one.name)
	}
	refused := 0
	for refused < mutations {
		one := claims[random.Intn(len(claims))]
		if len(one.text) == 0 { // a tree is consistent with itself without a proof
			continue
		}
		changed := mutate(random, one.text)
		if bytes.Equal(changed, one.text) {
			continue
		}
		if one.check(changed) == nil {
			die("%s was changed and is accepted (seed %d, after %d):\n%q", one.name, seed, refused, changed)
		}
		refused++
	}
	fmt.Printf("%d entries: %d claims hold, %d changes are refused (seed %d)\n", tree.N, len(claims), refused, seed)
}

// Lines of signatures.
func count(text []byte) int {
	return bytes.Count(text, []byte("\n— "))
}
