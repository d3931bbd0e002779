package gate

import (
	"encoding/json"
	"fmt"

	"muster/internal/errs"
)

// realNamePeople is what ProjectWorker.Add and WorkerEntryExit.Add have in common.
type realNamePeople struct {
	ProjectCode loose           `json:"projectCode"`
	TeamSysNo   loose           `json:"teamSysNo"`
	WorkerList  json.RawMessage `json:"workerList"`
}

func (c realNameCall) people(most int) (realNamePeople, []json.RawMessage, error) {
	var p realNamePeople
	if err := json.Unmarshal(c.data, &p); err != nil || p.ProjectCode == "" {
		return p, nil, errs.New(errs.Fix, "project_missing", "[projectCode]不能为空")
	}
	items, err := realNameRows(p.WorkerList, "workerList", most)
	return p, items, err
}

// realNameWorkers registers people in a team. The portrait was dropped.
func realNameWorkers(c realNameCall) (any, error) {
	head, items, err := c.people(mostWorkers)
	if err != nil {
		return nil, err
	}
	return each(c, items, func(raw json.RawMessage) (Worker, error) {
		var w struct {
			WorkerName   loose `json:"workerName"`
			IsTeamLeader loose `json:"isTeamLeader"`
			IDCardType   loose `json:"idCardType"`
			IDCardNumber loose `json:"idCardNumber"`
			WorkType     loose `json:"workType"`
			WorkRole     loose `json:"workRole"`
			CellPhone    loose `json:"cellPhone"`
		}
		if json.Unmarshal(raw, &w) != nil {
			return Worker{}, errs.New(errs.Fix, "row", "不是 JSON 对象")
		}
		if w.WorkerName == "" {
			return Worker{}, errs.New(errs.Fix, "name", "[workerName]不能为空")
		}
		doc, err := c.device.document(w.IDCardType, w.IDCardNumber)
		if err != nil {
			return Worker{}, errs.New(errs.Fix, "id", "[idCardNumber]%s", errs.TextOf(err))
		}
		return Worker{Project: string(head.ProjectCode), TeamNo: head.TeamSysNo.int(), Name: string(w.WorkerName), Document: doc,
			WorkType: string(w.WorkType), Manager: w.WorkRole == "10", Leader: w.IsTeamLeader == "1", Phone: string(w.CellPhone)}, nil
	}, func(list []Worker) ([]error, error) { return c.h.Workers(c.ctx(), c.device, list, c.at) })
}

// realNameMoves records who joined or left the project (进退场).
func realNameMoves(c realNameCall) (any, error) {
	head, items, err := c.people(mostMoves)
	if err != nil {
		return nil, err
	}
	return each(c, items, func(raw json.RawMessage) (Move, error) {
		var m struct {
			IDCardType   loose `json:"idCardType"`
			IDCardNumber loose `json:"idCardNumber"`
			Date         loose `json:"date"`
			Type         loose `json:"type"`
		}
		if json.Unmarshal(raw, &m) != nil {
			return Move{}, errs.New(errs.Fix, "row", "不是 JSON 对象")
		}
		doc, err := c.device.document(m.IDCardType, m.IDCardNumber)
		if err != nil {
			return Move{}, errs.New(errs.Fix, "id", "[idCardNumber]%s", errs.TextOf(err))
		}
		day := c.device.day(string(m.Date))
		if day.IsZero() || day.After(c.at) {
			return Move{}, errs.New(errs.Fix, "date", "[date]应为 yyyy-MM-dd，不能大于当天!")
		}
		if m.Type != "0" && m.Type != "1" {
			return Move{}, errs.New(errs.Fix, "type", "[type]应为 1（进场）或 0（退场）")
		}
		return Move{Project: string(head.ProjectCode), TeamNo: head.TeamSysNo.int(), Document: doc, Day: day, Joined: m.Type == "1"}, nil
	}, func(list []Move) ([]error, error) { return c.h.Moves(c.ctx(), c.device, list, c.at) })
}

// each reads the rows, hands on those that can be read, and settles a result that
// names every row that was refused, in the order of the request.
func each[T any](c realNameCall, items []json.RawMessage, read func(json.RawMessage) (T, error), hand func([]T) ([]error, error)) (any, error) {
	wrong := make([]error, len(items))
	var good []T
	var index []int
	for i, raw := range items {
		item, err := read(raw)
		if err != nil {
			wrong[i] = err
			continue
		}
		good, index = append(good, item), append(index, i)
	}
	if len(good) > 0 {
		answers, err := hand(good)
		if err != nil {
			return nil, err
		}
		for k, err := range answers {
			wrong[index[k]] = err
		}
	}
	var words []string
	for i, err := range wrong {
		if err != nil {
			words = append(words, fmt.Sprintf("[workerList][%d]%s", i, errs.TextOf(err)))
		}
	}
	return c.settle(resultOf(words, len(items)))
}
