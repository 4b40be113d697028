#include "storage/sqlite.h"

#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

namespace sb::storage::sqlite {
namespace {

class SqliteTest : public StoreTest {
 protected:
  Database open_database() {
    auto database = Database::open(root_ / "records.db", Mode::create);
    if (!database) throw std::runtime_error(database.error().message);
    return std::move(*database);
  }
  static std::int64_t count(Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    EXPECT_TRUE(statement.has_value());
    EXPECT_TRUE(statement->step().value());
    return statement->int64(0);
  }
};

TEST_F(SqliteTest, BindsAndReadsEveryType) {
  auto database = open_database();
  ASSERT_TRUE(database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c, d, e)").has_value());
  auto insert = database.prepare("INSERT INTO t(a,b,c,d,e) VALUES(?1,?2,?3,?4,?5)");
  ASSERT_TRUE(insert.has_value());
  const std::string blob("\0\x01\xff", 3);
  insert->bind(1, std::int64_t{-5}).bind(2, 1.5).bind(3, "文字").bind_blob(4, blob).bind_null(5);
  ASSERT_TRUE(insert->run().has_value());
  EXPECT_EQ(database.last_insert_rowid(), 1);
  EXPECT_EQ(database.changes(), 1);
  insert->bind(3, std::string_view()).bind_blob(4, std::string_view());
  ASSERT_TRUE(insert->run().has_value());

  auto select = database.prepare("SELECT a,b,c,d,e FROM t ORDER BY id");
  ASSERT_TRUE(select.has_value());
  EXPECT_EQ(select->columns(), 5u);
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->int64(0), -5);
  EXPECT_EQ(select->real(1), 1.5);
  EXPECT_EQ(select->text(2), "文字");
  EXPECT_EQ(select->blob(3), blob);
  EXPECT_TRUE(select->is_null(4));
  ASSERT_TRUE(select->step().value());
  EXPECT_TRUE(select->is_null(0));  // bindings were cleared
  EXPECT_FALSE(select->is_null(2));
  EXPECT_EQ(select->text(2), "");
  EXPECT_EQ(select->blob(3), "");
  EXPECT_FALSE(select->step().value());
}

TEST_F(SqliteTest, ErrorsCarryTheMessage) {
  auto database = open_database();
  auto bad = database.prepare("SELEKT 1");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, Error::sql);
  EXPECT_NE(bad.error().message.find("SELEKT"), std::string::npos);
  EXPECT_FALSE(database.prepare("SELECT 1; SELECT 2").has_value());
  EXPECT_FALSE(database.prepare("").has_value());
  EXPECT_TRUE(database.prepare("SELECT 1 ; ").has_value());
  auto one = database.prepare("SELECT ?1");
  one->bind(2, std::int64_t{1});
  EXPECT_EQ(one->step().error().code, Error::sql);
  one->reset();
  EXPECT_TRUE(one->step().has_value());
  EXPECT_FALSE(Database::open(root_ / "absent.db", Mode::read_only).has_value());
  EXPECT_FALSE(Database::open(root_ / "absent.db", Mode::read_write).has_value());
}

TEST_F(SqliteTest, ForeignKeysAreEnforced) {
  auto database = open_database();
  ASSERT_TRUE(database.execute("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p(id))"));
  auto refused = database.execute("INSERT INTO c VALUES(7)");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("FOREIGN KEY"), std::string::npos);
}

TEST_F(SqliteTest, TransactionRollsBackUnlessCommitted) {
  auto database = open_database();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)").has_value());
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction.has_value());
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES(1)").has_value());
  }
  EXPECT_EQ(count(database, "SELECT count(*) FROM t"), 0);
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES(1)").has_value());
    ASSERT_TRUE(transaction->commit().has_value());
  }
  EXPECT_EQ(count(database, "SELECT count(*) FROM t"), 1);
}

TEST_F(SqliteTest, ReaderWorksBesideAWriter) {
  auto writer = open_database();
  ASSERT_TRUE(writer.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1)").has_value());
  auto transaction = Transaction::begin(writer);
  ASSERT_TRUE(writer.execute("INSERT INTO t VALUES(2)").has_value());
  auto reader = Database::open(root_ / "records.db", Mode::read_only);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(count(*reader, "SELECT count(*) FROM t"), 1);
  ASSERT_TRUE(transaction->commit().has_value());
  EXPECT_EQ(count(*reader, "SELECT count(*) FROM t"), 2);
  EXPECT_FALSE(reader->execute("INSERT INTO t VALUES(3)").has_value());
}

TEST_F(SqliteTest, MigrationsRunOnceAndStopAtTheirFault) {
  auto database = open_database();
  const std::string_view first[] = {"CREATE TABLE t(a)"};
  const std::string_view second[] = {"CREATE TABLE t(a)", "ALTER TABLE t ADD COLUMN b; INSERT INTO t VALUES(1,2)"};
  const std::string_view broken[] = {second[0], second[1], "CREATE TABLE u(a); CREATE TABLE t(a)"};
  ASSERT_TRUE(database.migrate(first).has_value());
  ASSERT_TRUE(database.migrate(second).has_value());
  ASSERT_TRUE(database.migrate(second).has_value());
  EXPECT_EQ(count(database, "SELECT count(*) FROM t"), 1);
  auto failed = database.migrate(broken);
  ASSERT_FALSE(failed.has_value());
  EXPECT_NE(failed.error().message.find("migration 3"), std::string::npos);
  EXPECT_EQ(count(database, "PRAGMA user_version"), 2);
  EXPECT_EQ(count(database, "SELECT count(*) FROM sqlite_schema WHERE name='u'"), 0);
  auto older = database.migrate(first);
  ASSERT_FALSE(older.has_value());
  EXPECT_EQ(older.error().code, Error::unsupported);
}

}  // namespace
}  // namespace sb::storage::sqlite
