package httpapi

import (
	"context"
	"net/http"
	"time"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

func (s *Server) correctionRoutes() {
	allow(s, operation{id: "listCorrections", method: http.MethodGet, path: "/sites/{id}/corrections", summary: "迟到的打卡改变了什么：断网补传前后，各整点的在场人数"},
		account.SeeSites, s.listCorrections)
}

type correctionView struct {
	Serial     string                    `json:"serial" doc:"哪台闸机"`
	From       time.Time                 `json:"from" doc:"补传的打卡，按设备时间"`
	Until      time.Time                 `json:"until"`
	ReceivedAt time.Time                 `json:"received_at"`
	Passes     int                       `json:"passes"`
	Marks      []postgres.CorrectionMark `json:"marks" doc:"整点；_before 是补传之前的数"`
	Words      string                    `json:"words" doc:"补传改变了什么"`
}

func viewCorrection(x postgres.Correction) correctionView {
	late := roster.LatePasses{Serial: x.Serial, Passes: x.Passes, From: x.FromAt, Until: x.UntilAt, Received: x.ReceivedAt}
	for _, m := range x.Marks {
		late.Hours = append(late.Hours, roster.Corrected(m))
	}
	return correctionView{x.Serial, x.FromAt, x.UntilAt, x.ReceivedAt, x.Passes, x.Marks, late.Words()}
}

func (s *Server) listCorrections(ctx context.Context, c call, in *struct {
	SitePath
	Cursor string `query:"cursor" maxLength:"400"`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
}) (*answer[page[correctionView]], error) {
	after, err := readMark(in.Cursor, c.at)
	if err != nil {
		return nil, err
	}
	list, err := s.DB.Corrections(ctx, c.scope, in.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := page[correctionView]{Items: []correctionView{}}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = writeMark(postgres.Mark{At: list[in.Limit-1].ReceivedAt, ID: list[in.Limit-1].ID})
	}
	for _, x := range list {
		out.Items = append(out.Items, viewCorrection(x))
	}
	return reply(out, nil)
}
