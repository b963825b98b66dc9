#!/bin/sh
# Validates the resources of a folder with HAPI FHIR's validator: run.sh FOLDER. Without Java 17 or Maven it says so and
# ends with 0. Libraries come from Maven Central at the first run.
set -eu
[ $# -eq 1 ] || { echo "usage: run.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
for tool in java mvn; do
  command -v "$tool" >/dev/null 2>&1 || { echo "skipped: $tool is not installed"; exit 0; }
done
exec mvn -q -B -f "$here/pom.xml" compile exec:java \
  "-Dexec.arguments=$folder,$here/../../fixtures/fhir/us-core-6.1.0,$here/../../fixtures/fhir/hapi-support"
