package gate

import "time"

// OrderKind is something that a device can be asked to do. The list is closed on
// purpose: a device's shell, its upgrade and the clearing of its log cannot be
// asked for.
type OrderKind string

// The orders.
const (
	Unlock      OrderKind = "unlock"       // 开闸
	SendPasses  OrderKind = "send_passes"  // 重传: send the passes From–To again
	CountPasses OrderKind = "count_passes" // 对账: how many passes do you have From–To
	SayInfo     OrderKind = "say_info"     // 上报设备信息
)

// Order is one thing that a device shall do. IDs are positive and unique per device.
type Order struct {
	ID       int64
	Kind     OrderKind
	From, To time.Time // of SendPasses and CountPasses
	Door     int       // of Unlock; 0: the first
}
