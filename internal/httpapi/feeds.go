package httpapi

import (
	"context"
	"net/http"
	"time"

	"muster/internal/account"
)

func (s *Server) feedRoutes() {
	allow(s, operation{id: "listFeeds", method: http.MethodGet, path: "/feeds", summary: "已登记、在用的数据源：签发常设授权时从中选"}, account.SignStanding, s.listFeeds)
}

type feedView struct {
	Name    string     `json:"name" doc:"常设授权里填的名称"`
	Title   string     `json:"title"`
	HeardAt *time.Time `json:"heard_at" doc:"最后一次收到它的信息"`
}

func (s *Server) listFeeds(ctx context.Context, _ call, _ *struct{}) (*answer[page[feedView]], error) {
	list, err := s.DB.FeedsInUse(ctx)
	out := page[feedView]{Items: []feedView{}}
	for _, f := range list {
		out.Items = append(out.Items, feedView(f))
	}
	return reply(out, err)
}
