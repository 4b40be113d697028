#include <gtest/gtest.h>
#include <sodium.h>

#include <filesystem>
#include <fstream>

#include "channels/chat/identity_token.h"
#include "channels/chat/visitor_token.h"
#include "tests/chat/jwt.h"

namespace sb::chat {
namespace {

using test::make_jwt;

class VisitorTokenTest : public ::testing::Test {
 protected:
  VisitorTokenTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sb_tokens_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
    root_ = name;
  }
  ~VisitorTokenTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  std::filesystem::path root_;
};

TEST_F(VisitorTokenTest, OnlyItsOwnKeyMakesTokens) {
  const auto tokens = VisitorTokens::open(root_ / "key");
  const auto foreign = VisitorTokens::open(root_ / "other");
  ASSERT_TRUE(tokens && foreign);
  const auto id = VisitorTokens::random_id();
  const std::string token = tokens->token_of(id);
  EXPECT_EQ(token.size(), 43U);
  EXPECT_EQ(tokens->verify(token), id);
  EXPECT_FALSE(tokens->verify(foreign->token_of(id)));
  EXPECT_EQ(VisitorTokens::open(root_ / "key")->verify(token), id);  // the key survives
  EXPECT_EQ(std::filesystem::status(root_ / "key").permissions() & std::filesystem::perms::mask,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(VisitorTokenTest, EveryChangedCharacterIsNoticed) {
  const auto tokens = VisitorTokens::open(root_ / "key");
  ASSERT_TRUE(tokens);
  const std::string token = tokens->token_of(VisitorTokens::random_id());
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'Q' : 'A';
    EXPECT_FALSE(tokens->verify(changed)) << at;
  }
  EXPECT_FALSE(tokens->verify(""));
  EXPECT_FALSE(tokens->verify(token.substr(0, 42)));
  EXPECT_FALSE(tokens->verify(token + "A"));
  EXPECT_FALSE(tokens->verify(token + "="));
  EXPECT_FALSE(tokens->verify(std::string(43, '!')));
  EXPECT_FALSE(tokens->verify(std::string(10'000, 'A')));
}

TEST_F(VisitorTokenTest, ADamagedKeyFileIsSaidSo) {
  std::ofstream(root_ / "key") << "short";
  const auto tokens = VisitorTokens::open(root_ / "key");
  ASSERT_FALSE(tokens);
  EXPECT_EQ(tokens.error().code, crm::Error::damaged);
}

constexpr std::string_view kSecret = "the site's secret";
constexpr TimeMs kNow = 1'768'471'200'000;
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";

TEST(IdentityToken, AcceptsWhatItsSecretSigned) {
  const auto identity = verify_identity(
      make_jwt(kHeader, R"({"sub":"u1","email":"Li@Shop.CN","name":"李雷","exp":1768471201,"nbf":1768471200})",
               kSecret),
      kSecret, kNow);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->subject, "u1");
  EXPECT_EQ(identity->name, "李雷");
  EXPECT_EQ(address_of(*identity, {}), (crm::Address{"email", "li@shop.cn"}));
  EXPECT_EQ(address_of({"u1", "", "138 0013 8000", ""}, {"86"}), (crm::Address{"phone", "+8613800138000"}));
  EXPECT_EQ(address_of({"u1", "", "", ""}, {}), (crm::Address{"chat", "user/u1"}));
}

TEST(IdentityToken, AnUnverifiedMailAddressIsNotAnIdentity) {
  const auto identity = verify_identity(
      make_jwt(kHeader, R"({"sub":"u1","email":"a@b.cn","email_verified":false})", kSecret), kSecret, kNow);
  ASSERT_TRUE(identity);
  EXPECT_EQ(address_of(*identity, {}).kind, "chat");
}

TEST(IdentityToken, RefusesEverythingElse) {
  const std::string claims = R"({"sub":"u1"})";
  const std::string good = make_jwt(kHeader, claims, kSecret);
  ASSERT_TRUE(verify_identity(good, kSecret, kNow));
  const auto error = [](std::string_view token, std::string_view secret = kSecret) {
    const auto identity = verify_identity(token, secret, kNow);
    EXPECT_FALSE(identity) << token;
    return identity ? IdentityError::kDisabled : identity.error();
  };
  EXPECT_EQ(error(good, ""), IdentityError::kDisabled);
  EXPECT_EQ(error(""), IdentityError::kMalformed);
  EXPECT_EQ(error("a.b"), IdentityError::kMalformed);
  EXPECT_EQ(error(good + ".x"), IdentityError::kMalformed);
  EXPECT_EQ(error(make_jwt(kHeader, claims, "another secret")), IdentityError::kSignature);
  EXPECT_EQ(error(good.substr(0, good.rfind('.') + 1)), IdentityError::kSignature);
  EXPECT_EQ(error(make_jwt(R"({"alg":"none"})", claims, kSecret)), IdentityError::kAlgorithm);
  EXPECT_EQ(error(make_jwt(R"({"alg":"None"})", claims, "")), IdentityError::kAlgorithm);
  EXPECT_EQ(error(make_jwt(R"({"alg":"HS384"})", claims, kSecret)), IdentityError::kAlgorithm);
  EXPECT_EQ(error(make_jwt(R"({"alg":"RS256"})", claims, kSecret)), IdentityError::kAlgorithm);
  EXPECT_EQ(error(make_jwt(R"({"alg":["HS256"]})", claims, kSecret)), IdentityError::kAlgorithm);
  EXPECT_EQ(error(make_jwt(R"({"alg":"HS256","crit":["b64"]})", claims, kSecret)), IdentityError::kAlgorithm);
  EXPECT_EQ(error(make_jwt(kHeader, R"({"sub":"u1","exp":1768471200})", kSecret)), IdentityError::kExpired);
  EXPECT_EQ(error(make_jwt(kHeader, R"({"sub":"u1","nbf":1768471261})", kSecret)), IdentityError::kNotYetValid);
  EXPECT_EQ(error(make_jwt(kHeader, R"({"sub":"u1","exp":"tomorrow"})", kSecret)), IdentityError::kClaims);
  EXPECT_EQ(error(make_jwt(kHeader, R"({"email":"a@b.cn"})", kSecret)), IdentityError::kClaims);
  EXPECT_EQ(error(make_jwt(kHeader, R"({"sub":7})", kSecret)), IdentityError::kClaims);
  EXPECT_EQ(error(make_jwt(kHeader, "[]", kSecret)), IdentityError::kMalformed);
}

}  // namespace
}  // namespace sb::chat
