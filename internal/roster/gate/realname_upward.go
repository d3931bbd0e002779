package gate

import (
	"context"
	"regexp"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// AddTeam reports a team (Team.Add) and returns the serial code of the result, which
// has the platform's number for it ([Result.TeamNumber]).
func (c *RealNameClient) AddTeam(ctx context.Context, t Team) (code string, err error) {
	data := map[string]string{"projectCode": t.Project, "corpCode": t.CompanyCode, "corpName": t.Company, "teamName": t.Name,
		"responsiblePersonName": t.Leader, "responsiblePersonPhone": t.LeaderPhone}
	if t.LeaderID.Number != "" {
		if data["responsiblePersonIDNumber"], err = RealNameSeal([]byte(c.Secret), t.LeaderID.Number); err != nil {
			return "", err
		}
		data["responsiblePersonIDCardType"] = t.LeaderID.kind()
	}
	if !t.Entered.IsZero() {
		data["entryTime"] = t.Entered.Format(time.DateOnly) // a civil day
	}
	return c.Submit(ctx, "Team.Add", data)
}

// AddWorkers reports people of one team (ProjectWorker.Add), at most 5. Portraits,
// nation and address are not sent: Muster does not keep them.
func (c *RealNameClient) AddWorkers(ctx context.Context, t Team, number int64, list []Worker) (code string, err error) {
	rows := make([]map[string]any, len(list))
	for i, w := range list {
		sealed, err := RealNameSeal([]byte(c.Secret), w.Document.Number)
		if err != nil {
			return "", err
		}
		rows[i] = map[string]any{"workerName": w.Name, "isTeamLeader": 0, "idCardType": w.Document.kind(), "idCardNumber": sealed,
			"workType": w.WorkType, "workRole": "20", "cellPhone": w.Phone}
		if w.Leader {
			rows[i]["isTeamLeader"] = 1
		}
		if w.Manager {
			rows[i]["workRole"] = "10"
		}
	}
	return c.Submit(ctx, "ProjectWorker.Add", t.with(number, rows))
}

// AddMoves reports who joined or left in one team (WorkerEntryExit.Add), at most 50.
func (c *RealNameClient) AddMoves(ctx context.Context, t Team, number int64, list []Move) (code string, err error) {
	rows := make([]map[string]any, len(list))
	for i, m := range list {
		sealed, err := RealNameSeal([]byte(c.Secret), m.Document.Number)
		if err != nil {
			return "", err
		}
		rows[i] = map[string]any{"idCardType": m.Document.kind(), "idCardNumber": sealed, "date": m.Day.In(clock.Shanghai).Format(time.DateOnly), "type": 0}
		if m.Joined {
			rows[i]["type"] = 1
		}
	}
	return c.Submit(ctx, "WorkerEntryExit.Add", t.with(number, rows))
}

func (t Team) with(number int64, rows []map[string]any) map[string]any {
	return map[string]any{"projectCode": t.Project, "corpCode": t.CompanyCode, "corpName": t.Company, "teamSysNo": number, "teamName": t.Name, "workerList": rows}
}

// kind is the document's, 01 (identity card) when nothing is said.
func (d IDDocument) kind() string {
	if d.Kind == "" {
		return "01"
	}
	return d.Kind
}

// numberLike is whatever may be somebody's number: of a document, a telephone, or
// one that was sealed.
var numberLike = regexp.MustCompile(`[0-9A-Za-z+/*]{7,}={0,2}`)

// mostWords of a platform are kept.
const mostWords = 200

// Tell is a platform's answer as it may be kept and shown: without the names that
// were sent, without numbers. Words of the dialect in brackets stay.
func Tell(words string, names ...string) string {
	for _, name := range names {
		if name != "" {
			words = strings.ReplaceAll(words, name, "…")
		}
	}
	words = numberLike.ReplaceAllStringFunc(words, func(s string) string {
		if strings.ContainsAny(s, "0123456789") {
			return "…"
		}
		return s
	})
	if r := []rune(words); len(r) > mostWords {
		words = string(r[:mostWords]) + "…"
	}
	return words
}

// TellError is Tell for an error of the client.
func TellError(err error, names ...string) string { return Tell(errs.TextOf(err), names...) }
