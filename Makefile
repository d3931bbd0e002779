# Muster. `make run` and `make test` are all that a newcomer needs; both install
# what the machine lacks (Debian's packages, npm's).

DATA   ?= data
LISTEN ?= 127.0.0.1:8420
export GOTOOLCHAIN = local

.PHONY: help run test setup web build check web-check go-test bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

run: build ## start everything on this machine with demonstration data
	@exec bin/muster up --demo --data "$(DATA)" --listen "$(LISTEN)"

test: setup web check web-check go-test ## everything that CI runs

setup: ## install what is missing (PostgreSQL, PostGIS, a browser, fonts)
	@scripts/setup $(if $(filter test go-test,$(MAKECMDGOALS)),test,run)

web: web/dist/index.html ## build the page

web/node_modules/.installed: web/package.json web/package-lock.json
	@echo "安装页面的依赖 …"
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/build web/index.html web/field.html web/vite.config.ts -type f 2>/dev/null)
	@echo "构建页面 …"
	@cd web && npm run --silent build

build: setup web ## build bin/muster
	@echo "编译 …"
	@go build -o bin/muster ./cmd/muster

check: ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l cmd internal migrations web/*.go)" || { gofmt -l cmd internal migrations web/*.go; echo "请运行 gofmt -w"; exit 1; }
	@go vet ./...
	@go tool -modfile=tools/go.mod staticcheck ./...

web-check: web/node_modules/.installed ## lint and test the page
	@cd web && npm run --silent lint && npm run --silent test

go-test: web ## the Go tests: units, database, browser
	@go test ./...

bench: build ## the speed of matching and previewing, beside its peers
	@bin/muster bench match
	@bin/muster bench preview

clean: ## remove what was built; the data stay
	@rm -rf bin web/dist/* web/node_modules
