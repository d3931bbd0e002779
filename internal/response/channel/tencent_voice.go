package channel

import "context"

// tencentVoice is SendTtsVoice of vms 2020-09-02. Its template may be a text or an
// uploaded recording.
type tencentVoice struct{ tencent }

func newTencentVoice(a Account) (Gateway, error) {
	w := wants{account: a}
	g := tencentVoice{newTencent(&w, "vms", "2020-09-02")}
	return g, w.err()
}

type tencentVoiceRequest struct {
	CalledNumber     string
	VoiceSdkAppid    string
	TemplateId       string
	TemplateParamSet []string
	PlayTimes        int
	SessionContext   string
}

type tencentVoiceAnswer struct {
	SendStatus struct {
		CallID string `json:"CallId"`
	}
}

// Send implements Gateway; the id is the CallId.
func (g tencentVoice) Send(ctx context.Context, m Message) (string, error) {
	template, vars, err := g.spoken(m)
	if err != nil {
		return "", err
	}
	var answer tencentVoiceAnswer
	err = g.call(ctx, "SendTtsVoice", tencentVoiceRequest{e164(m.To), g.app, template, vars, 2, m.Key}, &answer)
	if err != nil {
		return "", err
	}
	if answer.SendStatus.CallID == "" {
		return "", malformed()
	}
	return answer.SendStatus.CallID, nil
}

func (g tencentVoice) spoken(m Message) (template string, vars []string, err error) {
	if m.Clip != "" {
		template, err = g.account.clip(m.Clip)
		return template, []string{}, err
	}
	template, err = g.account.template(m.Template)
	return template, inOrder(m.Vars), err
}
