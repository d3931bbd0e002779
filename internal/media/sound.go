package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"

	"muster/internal/errs"
)

// Sound is a recording, looked at by its bytes.
type Sound struct {
	Seconds float64
	SHA256  []byte
	body    []byte
}

// The bounds of a recording: a call is played at most 25 seconds and twice.
const (
	maxSoundSeconds = 60
	maxSoundBytes   = 10 << 20
)

// InspectSound reads a WAV file of PCM (RIFF, Microsoft WAVE): every carrier and
// every horn takes it. Errors are errs.Fix.
func InspectSound(body []byte) (Sound, error) {
	bad := func(text string) (Sound, error) {
		return Sound{}, errs.New(errs.Fix, "sound", "录音不能用：%s", text).With(errs.Detail{Where: "body", Text: text, Mend: "8 或 16 kHz 的 PCM WAV，不超过 60 秒"})
	}
	if len(body) > maxSoundBytes || len(body) < 44 || !bytes.Equal(body[:4], []byte("RIFF")) || !bytes.Equal(body[8:12], []byte("WAVE")) {
		return bad("不是 WAV 文件，或太大")
	}
	rate, size, pcm := waveChunks(body[12:])
	if !pcm || rate == 0 || size == 0 {
		return bad("不是 PCM 编码，或没有声音")
	}
	seconds := float64(size) / float64(rate)
	if seconds > maxSoundSeconds {
		return bad("超过 60 秒")
	}
	sum := sha256.Sum256(body)
	return Sound{seconds, sum[:], body}, nil
}

// waveChunks finds the bytes a second and the bytes of sound. A size that lies is
// cut to what is there.
func waveChunks(b []byte) (rate, size uint32, pcm bool) {
	for len(b) >= 8 {
		n := min(binary.LittleEndian.Uint32(b[4:]), uint32(len(b)-8))
		chunk := b[8 : 8+n]
		switch string(b[:4]) {
		case "fmt ":
			if len(chunk) >= 16 {
				pcm = binary.LittleEndian.Uint16(chunk) == 1
				rate = binary.LittleEndian.Uint32(chunk[8:])
			}
		case "data":
			size = n
		}
		b = b[min(uint64(len(b)), 8+uint64(n)+uint64(n%2)):]
	}
	return rate, size, pcm
}

// Reader reads the recording.
func (s Sound) Reader() io.Reader { return bytes.NewReader(s.body) }
