package gate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// zkGetRequest is how a terminal asks what it shall do; it is its heart-beat too.
func zkGetRequest(v *visit) error {
	b := v.zkSaysOfItself("")
	if info := strings.Split(zkQuery(v.r, "INFO"), ","); info[0] != "" {
		b.Firmware = tame(info[0])
	}
	if err := v.beat(b); err != nil {
		return err
	}
	orders, err := v.h.Orders(v.ctx(), v.device, v.at)
	if err != nil {
		return err
	}
	var lines []string
	for _, o := range orders {
		if command := v.device.zkCommand(o); command != "" {
			lines = append(lines, fmt.Sprintf("C:%d:%s\n", o.ID, command))
		}
	}
	if len(lines) == 0 {
		return v.text("OK")
	}
	return v.text(strings.Join(lines, ""))
}

// zkCommand writes an order; "" for one that the protocol does not have.
func (d Device) zkCommand(o Order) string {
	span := func() string {
		return "StartTime=" + d.zkTime(o.From) + "\tEndTime=" + d.zkTime(o.To)
	}
	switch o.Kind {
	case Unlock:
		return "AC_UNLOCK"
	case SendPasses:
		return "DATA QUERY ATTLOG " + span()
	case CountPasses:
		return "VERIFY SUM ATTLOG " + span()
	case SayInfo:
		return "INFO"
	}
	return ""
}

func (d Device) zkTime(t time.Time) string { return t.In(d.zone()).Format(time.DateTime) }

// zkZone is the device's zone in hours, or in minutes when it is not a whole
// number of them.
func (d Device) zkZone(at time.Time) string {
	_, seconds := at.In(d.zone()).Zone()
	if seconds%3600 != 0 {
		return strconv.Itoa(seconds / 60)
	}
	return strconv.Itoa(seconds / 3600)
}

// zkDone takes the terminal's word about orders: ID=…&Return=…&CMD=…, a line each.
func zkDone(v *visit) error {
	if err := v.keep(); err != nil {
		return err
	}
	for _, line := range zkLines(v.clean) {
		fields := formFields([]byte(line))
		id, err := strconv.ParseInt(fields["ID"], 10, 64)
		code, errCode := strconv.Atoi(fields["Return"])
		if err != nil || errCode != nil {
			continue // the content of an answer to INFO
		}
		if err := v.h.Done(v.ctx(), v.device, id, code, v.at); err != nil {
			return err
		}
	}
	return v.text("OK")
}
