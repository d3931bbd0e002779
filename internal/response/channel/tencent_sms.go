package channel

import "context"

// tencentSMS is SendSms of sms 2021-01-11.
type tencentSMS struct {
	tencent
	sign string
}

func newTencentSMS(a Account) (Gateway, error) {
	w := wants{account: a}
	g := tencentSMS{newTencent(&w, "sms", "2021-01-11"), w.setting("sign_name", "已审核通过的短信签名，不带【】")}
	return g, w.err()
}

type tencentSMSRequest struct {
	PhoneNumberSet   []string
	SmsSdkAppId      string
	SignName         string
	TemplateId       string
	TemplateParamSet []string
	SessionContext   string
}

type tencentSMSAnswer struct {
	SendStatusSet []struct{ SerialNo, Code, Message string }
}

// Send implements Gateway; the id is the SerialNo. A refusal stands in the status
// of the number, inside an answer that looks well.
func (g tencentSMS) Send(ctx context.Context, m Message) (string, error) {
	template, err := g.account.template(m.Template)
	if err != nil {
		return "", err
	}
	var answer tencentSMSAnswer
	err = g.call(ctx, "SendSms", tencentSMSRequest{[]string{e164(m.To)}, g.app, g.sign, template, inOrder(m.Vars), m.Key}, &answer)
	if err != nil {
		return "", err
	}
	if len(answer.SendStatusSet) != 1 {
		return "", malformed()
	}
	status := answer.SendStatusSet[0]
	if status.Code != "Ok" {
		return "", tencentCodes.failure(status.Code, status.Message)
	}
	return status.SerialNo, nil
}
