package gate

import "time"

// Team is a team (班组) as a labour system reports it (Team.Add).
type Team struct {
	Project     string // projectCode
	CompanyCode string // USCC
	Company     string
	Name        string
	Leader      string
	LeaderPhone string
	LeaderID    IDDocument
	Entered     time.Time // civil day, zero when not said
}

// IDDocument is an identity document: its kind (01 identity card, 08 passport …,
// devices.md §1.3) and number, in clear, upper case.
type IDDocument struct{ Kind, Number string }

// Worker is a person in a team (ProjectWorker.Add). The portrait is not here: it
// was dropped.
type Worker struct {
	Project  string
	TeamNo   int64 // teamSysNo
	Name     string
	Document IDDocument
	WorkType string // 工种, devices.md §1.3
	Manager  bool   // workRole 10
	Leader   bool   // isTeamLeader
	Phone    string
}

// Move is somebody joining or leaving a project (WorkerEntryExit.Add).
type Move struct {
	Project  string
	TeamNo   int64
	Document IDDocument
	Day      time.Time // civil day, Asia/Shanghai
	Joined   bool      // type 1; false: left
}

// Result is the outcome of an asynchronous request (AsyncHandleResult.Query).
type Result struct {
	State ResultState
	Text  string // what the labour system shows to its people; no personal data
}

// ResultState is the dialect's status.
type ResultState string

// The states.
const (
	ResultPending ResultState = "0"
	ResultFailed  ResultState = "10"
	ResultDone    ResultState = "20"
)
