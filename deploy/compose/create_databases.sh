#!/usr/bin/env bash
# The PostgreSQL image runs this once, when its data folder is empty.
set -euo pipefail
psql --username postgres --set ON_ERROR_STOP=1 --set orders="$ORDERS_DB_PASSWORD" --set engine="$ENGINE_DB_PASSWORD" <<'SQL'
CREATE ROLE orders LOGIN PASSWORD :'orders';
CREATE DATABASE orders OWNER orders;
CREATE ROLE engine LOGIN PASSWORD :'engine';
CREATE DATABASE engine OWNER engine;
SQL
