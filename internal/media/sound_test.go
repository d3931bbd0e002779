package media

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/errs"
)

// wave is a WAV file of silence.
func wave(format uint16, rate uint32, bytesOfSound int) []byte {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) }
	b.WriteString("RIFF")
	put(uint32(36 + bytesOfSound))
	b.WriteString("WAVEfmt ")
	put(uint32(16))
	put(format)
	put(uint16(1))
	put(rate / 2)
	put(rate)
	put(uint16(2))
	put(uint16(16))
	b.WriteString("data")
	put(uint32(bytesOfSound))
	b.Write(make([]byte, bytesOfSound))
	return b.Bytes()
}

func TestARecordingIsMeasured(t *testing.T) {
	s, err := InspectSound(wave(1, 16_000, 32_000))
	if err != nil || math.Abs(s.Seconds-2) > 0.001 {
		t.Errorf("%v seconds, %v", s.Seconds, err)
	}
}

func TestWhatIsNoRecordingIsRefusedInWords(t *testing.T) {
	for name, body := range map[string][]byte{
		"nothing": nil, "text": bytes.Repeat([]byte("not a sound "), 10), "compressed": wave(85, 16_000, 32_000),
		"no sound": wave(1, 16_000, 0), "too long": wave(1, 16_000, 61*16_000), "too large": make([]byte, 11<<20),
	} {
		if _, err := InspectSound(body); !errs.Is(err, errs.Fix) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoBytesCanUpsetIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := append([]byte("RIFF....WAVE"), rapid.SliceOfN(rapid.Byte(), 32, 200).Draw(t, "rest")...)
		_, _ = InspectSound(body)
	})
}
