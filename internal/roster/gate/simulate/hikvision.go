package simulate

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"time"
)

// hikvision is a face terminal with HTTP listening (devices.md §2.1): one post
// per event, in the three forms that models have, with a picture, and with what
// is no pass in between.
type hikvision struct {
	Config
	memory
	events int // numbers what it posts besides passes
}

const hikMAC = "02:00:00:aa:bb:01"

// Send implements Device.
func (h *hikvision) Send(ctx context.Context) error {
	beat := fmt.Sprintf(`{"ipAddress":"10.20.30.41","macAddress":%q,"dateTime":%q,"activePostCount":1,"eventType":"heartBeat","eventState":"active"}`, hikMAC, h.Clock.Now().In(china).Format(time.RFC3339))
	if err := h.post(ctx, "application/json", []byte(beat)); err != nil {
		return err
	}
	return h.send(1, func(batch []seen) error {
		s := batch[0]
		kind, body := h.dress(s)
		if err := h.post(ctx, kind, body); err != nil {
			return err
		}
		if s.n%3 != 0 {
			return nil
		}
		h.events++ // the door opens, and somebody else is refused
		other := 1_000_000 + h.events
		if err := h.post(ctx, "application/json", []byte(hikJSON(s.At, "", 21, other, ""))); err != nil {
			return err
		}
		return h.post(ctx, "application/json", []byte(hikJSON(s.At, s.Who, 8, other, "undefined")))
	})
}

func (h *hikvision) post(ctx context.Context, kind string, body []byte) error {
	answer, text, err := exchange(ctx, h.HTTP, "POST", h.URL, kind, body, nil)
	if err == nil && answer.StatusCode/100 != 2 {
		err = refused(answer.StatusCode, text)
	}
	return err
}

func hikJSON(at time.Time, who string, minor, serial int, status string) string {
	return fmt.Sprintf(`{"ipAddress":"10.20.30.41","portNo":80,"protocol":"HTTP","macAddress":%q,"channelID":1,"dateTime":%q,"activePostCount":1,"eventType":"AccessControllerEvent","eventState":"active","AccessControllerEvent":{"deviceName":"Access Controller","majorEventType":5,"subEventType":%d,"cardReaderNo":1,"employeeNoString":%q,"name":"测试","serialNo":%d,"userType":"normal","currentVerifyMode":"cardOrFaceOrFp","attendanceStatus":%q,"mask":"no"}}`,
		hikMAC, at.In(china).Format(time.RFC3339), minor, who, serial, status)
}

// dress gives an event one of the forms.
func (h *hikvision) dress(s seen) (kind string, body []byte) {
	status := way(s.Out, "checkIn", "checkOut")
	text := hikJSON(s.At, s.Who, 75, s.n, status)
	switch s.n % 4 {
	case 0:
		return "application/json", []byte(text)
	case 1:
		return "application/json", []byte(`{"EventNotificationAlert":` + text + `}`)
	case 2:
		return "application/xml", fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?><EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"><macAddress>%s</macAddress><dateTime>%s</dateTime><eventType>AccessControllerEvent</eventType><AccessControllerEvent><majorEventType>5</majorEventType><subEventType>75</subEventType><cardReaderNo>1</cardReaderNo><employeeNoString>%s</employeeNoString><serialNo>%d</serialNo><attendanceStatus>%s</attendanceStatus></AccessControllerEvent></EventNotificationAlert>`,
			hikMAC, s.At.In(china).Format(time.RFC3339), s.Who, s.n, status)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary("MIME_boundary")
	part := func(name, kind, more string, content []byte) {
		p, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"` + more}, "Content-Type": {kind}})
		if err == nil {
			_, _ = p.Write(content)
		}
	}
	part([]string{"AccessControllerEvent", "event_log"}[s.n/4%2], "application/json", "", []byte(text))
	part("Picture", "image/jpeg", `; filename="Picture.jpg"`, []byte("\xff\xd8\xff\xe0"+FaceMark+"\xff\xd9"))
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}
