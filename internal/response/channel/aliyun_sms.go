package channel

import (
	"context"
	"net/url"
)

// aliyunSMS is SendSms of dysmsapi 2017-05-25.
type aliyunSMS struct {
	aliyun
	sign string
}

func newAliyunSMS(a Account) (Gateway, error) {
	w := wants{account: a}
	g := aliyunSMS{newAliyun(&w, "https://dysmsapi.aliyuncs.com/"),
		w.setting("sign_name", "已审核通过的短信签名，不带【】")}
	return g, w.err()
}

// Send implements Gateway; the id is the BizId.
func (g aliyunSMS) Send(ctx context.Context, m Message) (string, error) {
	code, err := g.account.template(m.Template)
	if err != nil {
		return "", err
	}
	answer, err := g.call(ctx, "SendSms", url.Values{
		"PhoneNumbers": {m.To}, "SignName": {g.sign}, "TemplateCode": {code}, "TemplateParam": {named(m.Vars)}, "OutId": {m.Key},
	})
	return answer.BizID, err
}
