package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// maxImport is the largest file of rows that is taken.
const maxImport = 64 << 20

func (s *Server) importRoutes() {
	allow(s, operation{id: "import", method: http.MethodPost, path: "/imports/{kind}", summary: "导入单位、点位、人员；每个有问题的行都报告行、列、值和改法",
		maxBody: maxImport}, account.Import, s.importFile)
	allow(s, operation{id: "importTemplate", method: http.MethodGet, path: "/imports/{kind}/template.xlsx", summary: "空表：列名、示例和填写说明"},
		account.Import, s.importTemplate)
}

type importRequest struct {
	Kind    string `path:"kind" enum:"companies,projects,sections,sites,people,posts,beds,duty_roster,teams,shifts,leaves,certificates,contact_list,contract_staff"`
	Format  string `query:"format" enum:"csv,xlsx,geojson" default:"csv" doc:"工作簿会自己认出来"`
	Datum   string `query:"datum" enum:"wgs84,cgcs2000,gcj02,bd09"`
	DryRun  bool   `query:"dry_run" doc:"只检查"`
	Partial bool   `query:"partial" doc:"有错误时仍导入没有问题的行"`
	RawBody []byte
}

// importFile answers 200 with the report even when rows are bad: what is wrong
// is the answer. Nothing was written then, unless partial was asked for.
func (s *Server) importFile(ctx context.Context, c call, in *importRequest) (*answer[postgres.ImportResult], error) {
	kind, err := roster.ParseKind(in.Kind)
	if err != nil {
		return nil, err
	}
	file, err := roster.ParseImport(kind, roster.Format(in.Format), bytes.NewReader(in.RawBody), roster.Sichuan(geo.Datum(in.Datum)))
	if err != nil {
		return nil, err
	}
	return reply(postgres.NewImporter(s.DB, s.Sealer).Import(ctx, c.scope, c.actor(), file, in.Partial, in.DryRun, c.at))
}
