package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/warning/feed"
)

// maxPaste is the longest text that is taken: a bulletin has a few kilobytes.
const maxPaste = 100 << 10

func (s *Server) pasteRoutes() {
	allow(s, operation{id: "pasteMessage", method: http.MethodPost, path: "/messages/paste", summary: "粘贴微信、传真、OA转来的文字：先存原文，再识别",
		status: http.StatusCreated, maxBody: 1 << 20}, account.DraftWarning, s.pasteMessage)
}

type pasteRequest struct {
	OnceHeader
	Body struct {
		Text   string `json:"text"`
		Source string `json:"source_words" minLength:"1" maxLength:"200" doc:"从哪里得到：例如“市局工作群，20:41”"`
		Datum  string `json:"datum,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09" doc:"文中坐标的坐标系，供手工画区域时换算"`
	}
}

type pastedView struct {
	ReceiptView
	SourceWords string `json:"source_words"`
	Datum       string `json:"datum"`
	Hint        string `json:"hint" doc:"接下来做什么"`
	// What was read, and where it stands in the text.
	Text  string       `json:"text" doc:"存下的原文；marks 的位置按它的字符计"`
	Marks []markView   `json:"marks" doc:"文中认出的和没有读出的地方，按先后，互不重叠；不是公文文字时为空"`
	Read  []messageRow `json:"read" doc:"读出的内容：发布单位、灾种、等级、时间、区域"`
}

type markView struct {
	From    int    `json:"from" doc:"从第几个字符起（按 Unicode 码点，从 0 计）"`
	To      int    `json:"to" doc:"到第几个字符止（不含）"`
	Kind    string `json:"kind" enum:"issuer,act,issued,hazard,level,window,region,excluded,count,advice,unread" doc:"unread：要紧而没有读出"`
	Means   string `json:"means" doc:"认成了什么，或为什么没有读出"`
	Certain bool   `json:"certain" doc:"false：须人工确认"`
}

// pasteMessage takes a text that somebody forwarded. It is kept before anybody
// tries to understand it, so that what no parser reads can be worked on by hand.
func (s *Server) pasteMessage(ctx context.Context, c call, in *pasteRequest) (*answer[pastedView], error) {
	text := strings.TrimSpace(in.Body.Text)
	switch {
	case text == "":
		return nil, errs.New(errs.Fix, "paste_empty", "没有文字")
	case len(text) > maxPaste:
		return nil, errs.New(errs.Fix, "paste_too_long", "文字有%d千字节，最多100千字节；长文请只粘贴预警部分，原件作为扫描件上传", len(text)>>10)
	}
	datum := firstOf(in.Body.Datum, "wgs84")
	_, repeated, err := s.DB.StorePaste(ctx, []byte(text), in.Body.Source, datum, c.actor(), c.at)
	if err != nil {
		return nil, err
	}
	r, err := s.Intake.Receive(ctx, postgres.PasteSource, "text/plain; charset=utf-8", []byte(text), c.at)
	if err != nil {
		return nil, err
	}
	r.Repeated = repeated
	kept, err := s.DB.PastedByID(ctx, r.RawID)
	if err != nil {
		return nil, err
	}
	v := pastedView{ReceiptView: viewReceipt(r), SourceWords: kept.Words, Datum: kept.Datum, Hint: pasteHint(r), Text: text, Marks: []markView{}, Read: []messageRow{}}
	if r.Format == "bulletin" {
		v.Marks = viewMarks(feed.BulletinMarks(text, kept.At))
	}
	for _, m := range r.Messages {
		row, err := s.DB.MessageRowByID(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		v.Read = append(v.Read, viewMessage(row))
	}
	return reply(v, nil)
}

func viewMarks(list []feed.Mark) []markView {
	out := []markView{}
	for _, m := range list {
		out = append(out, markView{m.From, m.To, string(m.Kind), m.Means, m.Certain})
	}
	return out
}

// pasteHint says what to do with what was understood, or was not.
func pasteHint(r postgres.Receipt) string {
	drafted := false
	for _, m := range r.Messages {
		drafted = drafted || m.WarningID != nil
	}
	switch {
	case drafted && r.Repeated:
		return "这段文字此前已经粘贴过，已有草稿"
	case drafted && slices.ContainsFunc(r.Reasons, func(x postgres.Reason) bool { return x.Code == "name_unread" }):
		return "已按读出的部分生成草稿；没有识别的地名列在草稿上，逐个处理后才能发布"
	case drafted:
		return "已生成草稿，请核对标出的区域、等级和时间"
	case r.Outcome == "ignored":
		return "已识别，但不需要派发；原文已存"
	case len(r.Messages) > 0:
		return "原文已存；请人工起草，补上没有读出的，核对待核对的"
	}
	return "没有识别出可派发的内容，原文已存；请对照原文新建草稿：选灾种和等级、画区域、写明原发布单位和时间"
}
