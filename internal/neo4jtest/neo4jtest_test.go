package neo4jtest_test

import (
	"os"
	"testing"

	"nicgraph/internal/neo4jtest"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

func TestAServerAnswersAndIsEmpty(t *testing.T) {
	server := neo4jtest.Start(t)
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	if err := driver.VerifyConnectivity(t.Context()); err != nil {
		t.Error(err)
	}
}
