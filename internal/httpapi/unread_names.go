package httpapi

import (
	"context"
	"strings"
	"time"

	"muster/internal/postgres"
	"muster/internal/warning"
)

// namesView are the names of a draft's message that could not be found.
type namesView struct {
	Items   []nameView `json:"items"`
	Open    int        `json:"open" doc:"还没有处理的个数；不为0不能发布"`
	Redrawn bool       `json:"redrawn" doc:"起草以后有人改过区域：可以答“已补画”"`
}

type nameView struct {
	Name        string     `json:"name"`
	Answer      string     `json:"answer" enum:",drawn,not_meant"`
	AnswerLabel string     `json:"answer_label"`
	Reason      string     `json:"reason"`
	By          string     `json:"by" doc:"处理人的职务"`
	At          *time.Time `json:"at"`
}

func viewNames(list []postgres.UnreadName, redrawn *time.Time) namesView {
	v := namesView{Items: []nameView{}, Redrawn: redrawn != nil}
	for _, n := range list {
		v.Items = append(v.Items, nameView{n.Name, string(n.Answer), n.Answer.Label(), n.Reason, textOf(n.ByTitle), n.AnsweredAt})
		if n.Answer == "" {
			v.Open++
		}
	}
	return v
}

func (s *Server) answerName(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
	Body struct {
		Version int    `json:"version"`
		Name    string `json:"name" maxLength:"100" doc:"文中的写法"`
		Answer  string `json:"answer" enum:"drawn,not_meant" doc:"drawn：已在地图上补画；not_meant：确认不涉及，须写明理由"`
		Reason  string `json:"reason,omitempty" maxLength:"200"`
	}
}) (*answer[warningView], error) {
	n := warning.UnreadName{Name: in.Body.Name, Answer: warning.NameAnswer(in.Body.Answer), Reason: strings.TrimSpace(in.Body.Reason)}
	if err := s.DB.AnswerName(ctx, c.scope, in.ID, in.Body.Version, n, c.actor(), in.once(c, "name "+in.ID.String(), in.Body), c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}
