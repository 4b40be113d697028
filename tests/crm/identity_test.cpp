#include "crm/identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/crm/temporary_directory.h"

namespace sb::crm {
namespace {

using E = AddressError;

struct PhoneCase {
  std::string_view text;
  std::string_view country;
  std::string_view expected;  // empty: refused
  E error = E::kEmpty;
};

class PhoneNumbers : public testing::TestWithParam<PhoneCase> {};

TEST_P(PhoneNumbers, Normalize) {
  const PhoneCase& c = GetParam();
  const auto got = normalize_phone(c.text, {std::string(c.country)});
  if (c.expected.empty()) {
    ASSERT_FALSE(got) << c.text << " gave " << *got;
    EXPECT_EQ(got.error(), c.error) << c.text << ": " << message_of(got.error());
  } else {
    ASSERT_TRUE(got) << c.text << ": " << message_of(got.error());
    EXPECT_EQ(*got, c.expected) << c.text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Accepted, PhoneNumbers,
    testing::Values(
        PhoneCase{"+8613800138000", "", "+8613800138000"}, PhoneCase{"138 0013 8000", "86", "+8613800138000"},
        PhoneCase{"138-0013-8000", "86", "+8613800138000"}, PhoneCase{"8613800138000", "86", "+8613800138000"},
        PhoneCase{"013800138000", "86", "+8613800138000"}, PhoneCase{"+86 013800138000", "", "+8613800138000"},
        PhoneCase{"008613800138000", "1", "+8613800138000"}, PhoneCase{"００８６ 138 0013 8000", "", "+8613800138000"},
        PhoneCase{"＋８６１３８００１３８０００", "", "+8613800138000"},
        PhoneCase{"（021）5555－0100", "86", "+862155550100"}, PhoneCase{"010 1234 5678", "86", "+861012345678"},
        PhoneCase{"400-820-8820", "86", "+864008208820"}, PhoneCase{"021-55550100转8012", "86", "+862155550100"},
        PhoneCase{"tel:+1-415-555-0100", "", "+14155550100"}, PhoneCase{"(415) 555-0100 ext. 12", "1", "+14155550100"},
        PhoneCase{"1 415 555 0100", "1", "+14155550100"}, PhoneCase{"011 44 20 7946 0958", "1", "+442079460958"},
        PhoneCase{"+44 (0)20 7946 0958", "86", "+442079460958"}, PhoneCase{"(0)20 7946 0958", "44", "+442079460958"},
        PhoneCase{"020 7946 0958", "44", "+442079460958"}, PhoneCase{"0044 20 7946 0958", "86", "+442079460958"},
        PhoneCase{"06 698 12345", "39", "+390669812345"}, PhoneCase{"+39 06 698 12345", "", "+390669812345"},
        PhoneCase{"8 912 345-67-89", "7", "+79123456789"}, PhoneCase{"+49 030 123456", "", "+4930123456"},
        PhoneCase{" \"+86 138 0013 8000\" ", "", "+8613800138000"},
        PhoneCase{"+886 2 2345 6789", "", "+886223456789"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, PhoneNumbers,
    testing::Values(PhoneCase{"", "86", "", E::kEmpty}, PhoneCase{"  ", "86", "", E::kEmpty},
                    PhoneCase{"+266696687", "86", "", E::kAnonymous}, PhoneCase{"Anonymous", "86", "", E::kAnonymous},
                    PhoneCase{"restricted", "", "", E::kAnonymous}, PhoneCase{"UNAVAILABLE", "", "", E::kAnonymous},
                    PhoneCase{"+86282452253", "86", "", E::kAnonymous}, PhoneCase{"unknown", "86", "", E::kAnonymous},
                    PhoneCase{"13800138000", "", "", E::kNoCountry}, PhoneCase{"10086", "86", "", E::kTooShort},
                    PhoneCase{"55550100", "86", "", E::kTooShort}, PhoneCase{"138001380", "86", "", E::kTooShort},
                    PhoneCase{"555 0100", "1", "", E::kTooShort}, PhoneCase{"+1 415 155 0100", "", "", E::kTooShort},
                    PhoneCase{"+", "86", "", E::kTooShort}, PhoneCase{"+86", "86", "", E::kTooShort},
                    PhoneCase{"00", "86", "", E::kTooShort}, PhoneCase{"+0123456789", "86", "", E::kBadCharacter},
                    PhoneCase{"client:amy", "86", "", E::kBadCharacter},
                    PhoneCase{"call me", "86", "", E::kBadCharacter},
                    PhoneCase{"+1+4155550100", "86", "", E::kBadCharacter},
                    PhoneCase{"\xFF\xFE", "86", "", E::kBadCharacter},
                    PhoneCase{"+4412345678901234567", "86", "", E::kTooLong}));

TEST(EmailAddress, NormalizesAndRefuses) {
  EXPECT_EQ(normalize_email("  Amy.Chen@Example.COM \r\n"), "amy.chen@example.com");
  EXPECT_EQ(normalize_email("mailto:a+b@mail.example.co.uk"), "a+b@mail.example.co.uk");
  EXPECT_EQ(normalize_email("李雷@例子.中国"), "李雷@例子.中国");
  EXPECT_EQ(normalize_email("").error(), E::kEmpty);
  for (const char* bad : {"amy", "@example.com", "amy@", "amy@localhost", "amy@exa_mple.com", "amy@-a.com",
                          "amy@a..com", ".amy@a.com", "a..b@a.com", "a@b@c.com", "\"a\"@b.com", "amy@example.com."}) {
    ASSERT_FALSE(normalize_email(bad)) << bad;
    EXPECT_EQ(normalize_email(bad).error(), E::kBadMail) << bad;
  }
  EXPECT_EQ(normalize_email("a b@example.com").error(), E::kBadCharacter);
  EXPECT_EQ(normalize_email(std::string(250, 'a') + "@b.com").error(), E::kTooLong);
}

TEST(Address, KnowsThreeKinds) {
  EXPECT_EQ(normalize_address("chat", "Visitor-42", {}), (Address{"chat", "Visitor-42"}));
  EXPECT_EQ(normalize_address("email", "A@B.example", {}), (Address{"email", "a@b.example"}));
  EXPECT_EQ(normalize_address("phone", "13800138000", {"86"}), (Address{"phone", "+8613800138000"}));
  EXPECT_EQ(normalize_address("fax", "1", {}).error(), E::kUnknownKind);
  EXPECT_EQ(normalize_address("chat", "", {}).error(), E::kEmpty);
  EXPECT_EQ(normalize_address("chat", "a\nb", {}).error(), E::kBadCharacter);
  EXPECT_EQ(normalize_address("chat", std::string(255, 'x'), {}).error(), E::kTooLong);
}

TEST(IdentityHasher, SameKeySameHashOtherKeyOtherHash) {
  const TemporaryDirectory directory;
  const Address phone{"phone", "+8613800138000"};
  const auto first = IdentityHasher::open(directory / "identity.key");
  ASSERT_TRUE(first) << first.error().message;
  const auto again = IdentityHasher::open(directory / "identity.key");
  ASSERT_TRUE(again);
  const auto other = IdentityHasher::open(directory / "other.key");
  ASSERT_TRUE(other);
  EXPECT_TRUE(first->hash(phone));
  EXPECT_EQ(first->hash(phone), again->hash(phone));
  EXPECT_NE(first->hash(phone), other->hash(phone));
  EXPECT_NE(first->hash(phone), first->hash({"chat", "+8613800138000"}));
  EXPECT_NE(first->hash(phone), first->hash({"phone", "+8613800138001"}));
}

TEST(IdentityHasher, KeyFileIsPrivateAndComplete) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(IdentityHasher::open(directory / "identity.key"));
  struct stat status{};
  ASSERT_EQ(::stat((directory / "identity.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  EXPECT_EQ(status.st_size, 32);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);  // no draft left behind

  std::ofstream(directory / "short.key") << "too short";
  const auto damaged = IdentityHasher::open(directory / "short.key");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Error::damaged);
  std::ofstream(directory / "long.key") << std::string(33, 'x');
  EXPECT_FALSE(IdentityHasher::open(directory / "long.key"));
  const auto nowhere = IdentityHasher::open(directory / "absent" / "identity.key");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, Error::io);
}

}  // namespace
}  // namespace sb::crm
