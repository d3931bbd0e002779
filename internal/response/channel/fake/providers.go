package fake

// providers open the doors of the protocols, one line for each.
var providers = []func(*Carrier){openAliyun, openTencent, openPlain, openRobots, openWeChat, openWeChatSignIn, openEmail, openWebhook, openHorn}
