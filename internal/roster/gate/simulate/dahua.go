package simulate

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
)

// dahua is a terminal with EventHttpUpload (devices.md §2.2): several events in a
// post, every second one compressed, refusals in between, no serial numbers.
type dahua struct {
	Config
	memory
	posts int
}

// Send implements Device.
func (d *dahua) Send(ctx context.Context) error {
	return d.send(d.Batch, func(batch []seen) error {
		var events []map[string]any
		for _, s := range batch {
			data := map[string]any{"UserID": s.Who, "CardNo": "", "CardName": "TEST", "Door": 0, "ErrorCode": 0, "Method": 15, "ReaderID": "1",
				"Similarity": 97, "Status": 1, "Type": way(s.Out, "Entry", "Exit"), "UTC": s.At.Unix(), "RealUTC": s.At.Unix(), "ImageInfo": []any{map[string]string{"Data": picture(s.n)}}}
			failed := map[string]any{"UserID": s.Who, "Door": 0, "ErrorCode": 16, "Method": 15, "Status": 0, "Type": "Entry", "UTC": s.At.Unix()}
			for _, one := range []map[string]any{data, failed} {
				events = append(events, map[string]any{"Code": "AccessControl", "Action": "Pulse", "Index": 0, "Data": one})
			}
		}
		body, err := json.Marshal(map[string]any{"Channel": 0, "Time": wall(d.Clock.Now()), "Events": events})
		if err != nil {
			return err
		}
		headers := map[string]string{}
		if d.posts++; d.posts%2 == 0 {
			var b bytes.Buffer
			w := zlib.NewWriter(&b)
			_, _ = w.Write(body)
			_ = w.Close()
			body, headers["Content-Encoding"] = b.Bytes(), "deflate"
		}
		answer, text, err := exchange(ctx, d.HTTP, "POST", d.URL, "application/json", body, headers)
		if err == nil && answer.StatusCode != 200 {
			err = refused(answer.StatusCode, text)
		}
		return err
	})
}
