package httpapi_test

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// silence is a WAV file of so many seconds, 8 kHz, 16 bit, PCM.
func silence(seconds int) []byte {
	const rate = 8000
	n := uint32(seconds * rate * 2)
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, v := range []any{36 + n, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate * 2), uint16(2), uint16(16), []byte("data"), n} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	b.Write(make([]byte, n))
	return b.Bytes()
}

func TestARecordingTakesThePlaceOfTheOneBefore(t *testing.T) {
	w := newWorld(t)
	admin := w.as("system")
	const path = "/voice-clips?template=V2_evacuate&language=ii"
	for range 2 {
		admin.post(path, silence(3)).must(201)
	}
	list := read[struct {
		Items []struct {
			Name    string
			Seconds float64
		}
	}](admin.get("/voice-clips"))
	if len(list.Items) != 1 || list.Items[0].Name != "V2_evacuate.ii" || list.Items[0].Seconds != 3 {
		t.Errorf("%+v", list.Items)
	}
	admin.post(path, []byte("no sound at all, however long it may be, is a recording")).refused(422, "sound")
	admin.post("/voice-clips?template=V99&language=ii", silence(3)).refused(422, "template")
}
