package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"muster/internal/response"
)

// Contract is a demonstration contract with the fake carrier (模拟运营商). Its
// secrets are none: they open nothing but invented phones on this machine.
type Contract struct {
	response.Account
	Secrets  map[string]string
	Token    string // last segment of the address that the carrier pushes to
	UnitKind string
}

var contractSpace = uuid.MustParse("0a4be0a6-53a4-5c2b-9f53-5d0a4c1c8a55")

// Contracts are the contracts of the demonstration, in both modes: SMS and calls
// by two carriers each, and a group's robot for some of the sections. carrier is
// the address of the fake carrier.
func Contracts(carrier string, rules *response.Rules, sections []uuid.UUID) []Contract {
	var list []Contract
	for _, mode := range []string{"actual", "exercise"} {
		list = append(list,
			contract(mode, response.SMS, "aliyun", 1, carrier+"/aliyun/", rules),
			contract(mode, response.SMS, "tencent", 2, carrier+"/tencent/", rules),
			contract(mode, response.Voice, "aliyun", 1, carrier+"/aliyun/", rules),
			contract(mode, response.Voice, "http", 2, carrier+"/http/voice", rules))
		for i, s := range sections {
			list = append(list, group(mode, i, s, carrier))
		}
	}
	return list
}

func contract(mode string, c response.Channel, provider string, priority int, endpoint string, rules *response.Rules) Contract {
	name := fmt.Sprintf("demo-%s-%s", provider, c)
	key := secret(mode, name)
	settings := map[string]string{"endpoint": endpoint, "sign_name": "模拟预警", "access_key_id": "id-" + key[:8], "secret_id": "id-" + key[:8],
		"app_id": "14" + strings.Map(digit, key)[:8], "caller": "02800000000", "menu.1": "3001", "menu.2": "3002", "menu.3": "3003"}
	for i, t := range rules.Register(c) {
		settings["template."+t.ID] = fmt.Sprintf("%s_%d", strings.ToUpper(string(c)), 1000+i)
		settings["words."+t.ID] = t.Text
	}
	return Contract{Account: response.Account{ID: uuid.NewSHA1(contractSpace, []byte(mode+name)), Mode: mode, Channel: c, Provider: provider, Name: name,
		Priority: priority, Settings: settings},
		Secrets: map[string]string{"access_key_secret": key, "secret_key": key, "secret": key, "callback_token": key}, Token: key}
}

func group(mode string, i int, section uuid.UUID, carrier string) Contract {
	provider := []string{"wecom", "dingtalk", "feishu"}[i%3]
	name := fmt.Sprintf("demo-%s-%s", provider, section)
	key := secret(mode, name)
	path := map[string]string{"wecom": "/cgi-bin/webhook/send?key=", "dingtalk": "/robot/send?access_token=", "feishu": "/open-apis/bot/v2/hook/"}[provider]
	return Contract{Account: response.Account{ID: uuid.NewSHA1(contractSpace, []byte(mode+name)), Mode: mode, Channel: response.Robot, Provider: provider,
		Name: name, Priority: 1, UnitID: &section, Settings: map[string]string{}},
		Secrets: map[string]string{"url": carrier + path + key, "secret": key}, UnitKind: "section"}
}

func secret(mode, name string) string {
	sum := sha256.Sum256([]byte("demonstration " + mode + " " + name))
	return hex.EncodeToString(sum[:16])
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return '0' + (r-'a')%10
}
