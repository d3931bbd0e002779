package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
)

func (s *Server) boardRoutes() {
	allow(s, operation{id: "board", method: http.MethodGet, path: "/warnings/{id}/board", summary: "处置看板：每个点位做到哪一步，最急的在前"}, account.SeeWarnings, s.board)
	allow(s, operation{id: "boardSummary", method: http.MethodGet, path: "/warnings/{id}/board/summary", summary: "处置看板的合计"}, account.SeeWarnings, s.boardSummary)
}

type boardRequest struct {
	WarningPath
	State  string    `query:"state" maxLength:"300" doc:"逗号分隔的状态；overdue 为已逾时"`
	Unit   uuid.UUID `query:"unit" doc:"合同段或项目"`
	Query  string    `query:"q" maxLength:"60" doc:"点位名称"`
	Cursor string    `query:"cursor" maxLength:"400"`
	Limit  int       `query:"limit" default:"200" minimum:"1" maximum:"500"`
}

type boardView struct {
	AsOf  time.Time    `json:"as_of"`
	Mode  string       `json:"mode"`
	Total int          `json:"total"`
	Items []threadView `json:"items"`
	Next  *string      `json:"next_cursor"`
}

func (s *Server) board(ctx context.Context, c call, in *boardRequest) (*answer[boardView], error) {
	w, err := s.DB.WarningByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	f := postgres.BoardFilter{Unit: in.Unit, Text: in.Query, Limit: in.Limit, After: postgres.BoardMark{AsOf: c.at}}
	if f.States, err = readStates(in.State); err != nil {
		return nil, err
	}
	if err := unpackCursor(in.Cursor, &f.After); err != nil {
		return nil, err
	}
	rows, err := s.DB.Board(ctx, c.scope, in.ID, f, c.at)
	if err != nil {
		return nil, err
	}
	out := boardView{AsOf: c.at, Mode: w.Mode, Items: []threadView{}}
	rows, out.Next = pageOf(rows, f)
	for _, r := range rows {
		out.Total = r.Total
		out.Items = append(out.Items, viewThread(r, c.at))
	}
	return reply(out, nil)
}

// readStates refuses words that are no states: a board that is empty because of a
// slip of the pen looks as if all were well.
func readStates(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	states := strings.Split(text, ",")
	for _, state := range states {
		if state != "overdue" && response.State(state).Label() == "" {
			return nil, errs.New(errs.Fix, "state", "没有 %q 这个状态", state)
		}
	}
	return states, nil
}

// pageOf cuts the row that only says that there is another page.
func pageOf(rows []postgres.BoardRow, f postgres.BoardFilter) ([]postgres.BoardRow, *string) {
	if len(rows) <= f.Limit {
		return rows, nil
	}
	rows = rows[:f.Limit]
	last := rows[len(rows)-1]
	return rows, packCursor(postgres.BoardMark{AsOf: f.After.AsOf, Class: last.Class, Since: last.Since, ID: last.ID})
}

func packCursor(mark any) *string {
	b, err := json.Marshal(mark)
	if err != nil {
		return nil // a time beyond the year 9999
	}
	cursor := base64.RawURLEncoding.EncodeToString(b)
	return &cursor
}

// unpackCursor leaves the mark as it is when there is no cursor.
func unpackCursor(cursor string, mark any) error {
	if cursor == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, mark)
	}
	if err != nil {
		return errs.New(errs.Fix, "cursor", "翻页标记不对，请从第一页开始")
	}
	return nil
}

type summaryView struct {
	AsOf       time.Time                 `json:"as_of"`
	Mode       string                    `json:"mode"`
	Total      int                       `json:"total"`
	ByState    map[string]int            `json:"by_state"`
	ByMeasure  map[string]int            `json:"by_measure" doc:"仍在要求执行的"`
	People     peopleSum                 `json:"people"`
	Overdue    overdueSum                `json:"overdue"`
	Notices    map[string]map[string]int `json:"notices" doc:"通道 → 状态 → 条数"`
	Oversight  []oversightView           `json:"oversight"`
	Entered    []enteredVesselView       `json:"entered" doc:"发布后驶入预警范围、还不是受影响点位的施工船舶，最近驶入的在前"`
	Commitment *string                   `json:"commitment" doc:"抽查种子的 SHA-256，发布时即公开"`
	Secret     *string                   `json:"secret" doc:"抽查种子；预警结束后公开，任何人可以复核抽签"`
}

type peopleSum struct {
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
	Expected int `json:"expected"`
	Safe     int `json:"safe"`
	Missing  int `json:"missing"`
}

type enteredVesselView struct {
	SiteID      uuid.UUID `json:"site_id"`
	Name        string    `json:"name"`
	SectionName string    `json:"section_name"`
	Since       time.Time `json:"since" doc:"何时在现在的位置"`
	Certain     int       `json:"certain"`
	Possible    int       `json:"possible"`
}

type overdueSum struct {
	Unanswered int `json:"unanswered"`
	Unfinished int `json:"unfinished"`
	Unverified int `json:"unverified"`
}

func (s *Server) boardSummary(ctx context.Context, c call, in *WarningPath) (*answer[summaryView], error) {
	w, err := s.DB.WarningByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	sum, err := s.DB.Summary(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	vessels, err := s.DB.EnteredVessels(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	entered := make([]enteredVesselView, len(vessels))
	for i, v := range vessels {
		entered[i] = enteredVesselView(v)
	}
	return reply(summaryView{AsOf: c.at, Mode: w.Mode, Total: sum.Total, ByState: sum.ByState, ByMeasure: sum.ByMeasure,
		People:  peopleSum(sum.People),
		Overdue: overdueSum{sum.Overdue.Unanswered, sum.Overdue.Unfinished, sum.Overdue.Unverified},
		Notices: sum.Notices, Oversight: viewOversight(sum.Oversight), Entered: entered, Commitment: hexOf(sum.Lot.Commitment), Secret: hexOf(sum.Lot.Secret)}, nil)
}

func hexOf(b []byte) *string {
	if b == nil {
		return nil
	}
	text := hex.EncodeToString(b)
	return &text
}
