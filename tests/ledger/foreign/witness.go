package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// A key of C2SP tlog-cosignature, cosignature/v1, as note.Open knows keys.
type witnessKey struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witnessKey) Name() string    { return w.name }
func (w witnessKey) KeyHash() uint32 { return w.hash }

func (w witnessKey) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	return ed25519.Verify(w.key, []byte("cosignature/v1\ntime "+strconv.FormatUint(time, 10)+"\n"+string(msg)), sig[8:])
}

func readWitness(text string) (witnessKey, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return witnessKey{}, fmt.Errorf("not a key: %q", text)
	}
	id, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return witnessKey{}, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return witnessKey{}, err
	}
	own := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if len(key) != 1+ed25519.PublicKeySize || key[0] != 4 || binary.BigEndian.Uint32(own[:]) != uint32(id) {
		return witnessKey{}, fmt.Errorf("not a key of a witness: %q", text)
	}
	return witnessKey{parts[0], uint32(id), key[1:]}, nil
}
