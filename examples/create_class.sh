#!/bin/sh
# Create a class with a signed call of the iClass enterprise API and print the answer. Needs curl and md5sum.
#
# Usage: SDKAPPID=... TIC_KEY=... sh create_class.sh
#
# BASE_URL names the server; the default is http://127.0.0.1:8080.
# The protocol is described in docs/protocols/iclass.md.
set -eu

: "${SDKAPPID:?}" "${TIC_KEY:?}"
base=${BASE_URL:-http://127.0.0.1:8080}

expire_time=$(($(date +%s) + 120))
# Without the new line: it would be a part of the text that is hashed.
sign=$(printf '%s' "$TIC_KEY$expire_time" | md5sum | cut -c1-32)

curl -sS --fail-with-body "$base/paas/v1/class/create?sdkappid=$SDKAPPID&random=$$&expire_time=$expire_time&sign=$sign" \
    -H 'content-type: application/json' \
    -H "Idempotency-Key: example-$$-$expire_time" \
    -d '{"teacher_id":"teacher_1","class_topic":"An example class"}'
echo
