// The compiled twin of reference.py: same names, same whole numbers, same order.
//
// What is different here is only how little is touched: parts are filtered by a bit mask before they
// are compared, postings are read only of those parts without which no name can reach the floor, and
// a posting is dropped by the classes it carries before its name is looked at.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define DIDBAN_WIDEST __attribute__((target_clones("arch=haswell", "default")))
#else
#define DIDBAN_WIDEST
#endif

namespace didban {

constexpr int kSymbols = 32, kRow = 16, kMaxParts = 8, kBands = 10, kBandWidth = 8;
constexpr int kScale = 255, kSlope = 153, kTransposition = 28, kShort = 6, kMinForTypos = 3;
constexpr int kMatched = 10, kUnmatchedQuery = 5, kUnmatchedName = 2, kGain = 40;
constexpr int kInitialSimilarity = 200, kPrefixSimilarity = 225, kMinRarity = 16;
constexpr int kSameYears = 80, kOtherYears = -160;
constexpr uint32_t kOverflow = 65535;

struct Sections {
    const uint8_t *form_codes, *form_length, *form_unvocalised, *token_rarity, *token_initial;
    const uint16_t *form_weight, *token_class, *record_class, *record_years;
    const uint32_t *form_mask, *form_token, *length_start, *key_form, *token_frequency;
    const uint32_t *posting_start, *posting, *single_start, *single_name;
    const uint32_t *name_start, *name_token, *name_record;
    const uint64_t *key;
    size_t forms, keys, tokens, names, records, classes, postings, singles, name_tokens;
};

inline bool rising(const uint32_t *start, size_t rows, size_t end, uint32_t widest = ~0u) {
    bool right = start[rows] <= end;
    for (size_t i = 0; i < rows; ++i) right &= start[i] <= start[i + 1] && start[i + 1] - start[i] <= widest;
    return right;
}

template <typename T>
inline bool below(const T *values, size_t n, size_t limit, size_t step = 1) {
    T most = 0;
    for (size_t i = 0; i < n; ++i) most = std::max(most, values[i * step]);
    return !n || most < limit;
}

// Whether every offset and number lies within what it points into: then a damaged file may give
// wrong answers, but is never read or written beyond its end. One pass over the index when it is
// opened, at the speed of memory.
inline bool is_sound(const Sections &s) {
    return rising(s.length_start, kRow + 1, s.forms) && rising(s.posting_start, s.tokens, s.postings) &&
           rising(s.single_start, s.tokens, s.singles) && rising(s.name_start, s.names, s.name_tokens, kMaxParts) &&
           below(s.form_codes, s.forms * kRow, kSymbols) && below(s.form_length, s.forms, kRow + 1) &&
           below(s.form_token, s.forms, s.tokens) && below(s.key_form, s.keys, s.forms) &&
           below(s.posting, s.postings, s.names, 3) && below(s.single_name, s.singles, s.names) &&
           below(s.name_token, s.name_tokens, s.tokens) && below(s.name_record, s.names, s.records) &&
           below(s.record_class, s.records, s.classes);
}

struct Costs {
    uint8_t substitution[2][kSymbols * kSymbols];
    uint8_t insertion[2][kSymbols];
};

struct Match {
    uint32_t token;
    uint8_t similarity;
};

inline int distance(const Costs &costs, const uint8_t *a, int la, const uint8_t *b, int lb, int table) {
    const uint8_t *substitution = costs.substitution[table], *insertion = costs.insertion[table];
    int rows[3][kRow + 1];
    int *before = rows[0], *row = rows[1], *current = rows[2];
    row[0] = 0;
    for (int j = 0; j < lb; ++j) row[j + 1] = row[j] + insertion[b[j]];
    for (int i = 0; i < la; ++i) {
        const int x = a[i], drop = insertion[x];
        const uint8_t *instead = substitution + x * kSymbols;
        current[0] = row[0] + drop;
        for (int j = 0; j < lb; ++j) {
            int cost = std::min({row[j] + instead[b[j]], row[j + 1] + drop, current[j] + insertion[b[j]]});
            if (i && j && x == b[j - 1] && a[i - 1] == b[j])
                cost = std::min(cost, before[j - 1] + kTransposition);
            current[j + 1] = cost;
        }
        int *spare = before;
        before = row, row = current, current = spare;
    }
    return row[lb];
}

// Hyyro (2003): the restricted Damerau-Levenshtein distance, a column a step, in bit vectors.
inline int edits(const uint32_t *places, int la, const uint8_t *b, int lb) {
    uint32_t up = ~0u, down = 0, diagonal = 0, previous = 0;
    const uint32_t last = 1u << (la - 1);
    int cost = la;
    for (int j = 0; j < lb; ++j) {
        const uint32_t here = places[b[j]];
        const uint32_t swapped = ((~diagonal & here) << 1) & previous;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint32_t right = down | ~(diagonal | up), left = diagonal & up;
        cost += (right & last) != 0;
        cost -= (left & last) != 0;
        right = (right << 1) | 1, left <<= 1;
        up = left | ~(diagonal | right), down = right & diagonal;
        previous = here;
    }
    return cost;
}

// Marks the forms whose sounds differ from `own` in at most `most` members, for a whole block.
DIDBAN_WIDEST inline void compare_masks(const uint32_t *mask, size_t n, uint32_t own, uint32_t most,
                                        uint8_t *close) {
    for (size_t i = 0; i < n; ++i) {
        uint32_t x = mask[i] ^ own;
        x -= (x >> 1) & 0x55555555u;
        x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
        x = (x + (x >> 4)) & 0x0F0F0F0Fu;
        close[i] = (x * 0x01010101u) >> 24 <= most;
    }
}

struct Workspace {
    std::vector<uint8_t> best;       // token -> similarity, while one part is expanded
    std::vector<uint32_t> touched;   // the tokens set in `best`
    std::vector<int32_t> slot;       // token -> 1 + index of its first entry in `entries`
    std::vector<uint32_t> by_class;  // class -> gain bound << 16 | rarity bound
    struct Entry {
        uint8_t part, similarity;
        int32_t next;
    };
    std::vector<Entry> entries;

    explicit Workspace(const Sections &s) : best(s.tokens), slot(s.tokens) { by_class.resize(65536); }
};

struct Reading {
    const uint8_t *codes;
    int length;
    bool unvocalised;
    const uint64_t *keys;
    size_t key_count;
};

class Expander {
  public:
    Expander(const Sections &s, const Costs &costs, Workspace &w, int cutoff)
        : s_(s), costs_(costs), w_(w), cutoff_(cutoff) {}

    void add(const Reading &r, bool prefix) {
        own_ = 0;
        for (int i = 0; i < r.length; ++i) own_ += costs_.insertion[0][r.codes[i]];
        by_keys(r);
        if (r.length >= kMinForTypos) by_typos(r);
        if (r.length > 1 && cutoff_ <= kInitialSimilarity) by_initial(r);
        if (prefix) by_prefix(r);
    }

    void finish(size_t limit, std::vector<Match> &out, uint64_t *frequencies) {
        out.clear();
        for (uint32_t t : w_.touched) out.push_back({t, w_.best[t]}), w_.best[t] = 0;
        w_.touched.clear();
        auto better = [](const Match &a, const Match &b) {
            return a.similarity != b.similarity ? a.similarity > b.similarity : a.token < b.token;
        };
        std::sort(out.begin(), out.end(), better);
        if (out.size() > limit) out.resize(limit);
        std::fill(frequencies, frequencies + kBands, 0);
        for (const Match &m : out) {
            const int band = (kScale - m.similarity + kBandWidth - 1) / kBandWidth;
            for (int b = band; b < kBands; ++b) frequencies[b] += s_.token_frequency[m.token];
        }
    }

  private:
    const Sections &s_;
    const Costs &costs_;
    Workspace &w_;
    const int cutoff_;
    int own_ = 0;

    void keep(uint32_t form, int similarity) {
        const uint32_t token = s_.form_token[form];
        uint8_t &best = w_.best[token];
        if (similarity <= best) return;
        if (!best) w_.touched.push_back(token);
        best = static_cast<uint8_t>(similarity);
    }

    void compare(const Reading &r, uint32_t form) {
        const int length = std::max<int>(own_, s_.form_weight[form]);
        if (!length) return;
        const int table = s_.form_unvocalised[form] != r.unvocalised;
        // Leaving sounds out costs at least the difference in weight when both write their vowels.
        if (!table && kSlope * (length - std::min<int>(own_, s_.form_weight[form])) / length > kScale - cutoff_ + 1)
            return;
        const int cost = distance(costs_, r.codes, r.length, s_.form_codes + size_t(form) * kRow,
                                  s_.form_length[form], table);
        const int similarity = kScale - kSlope * cost / length;
        if (similarity >= cutoff_) keep(form, similarity);
    }

    void by_keys(const Reading &r) {
        const uint64_t *end = s_.key + s_.keys;
        for (size_t i = 0; i < r.key_count; ++i)
            for (auto *at = std::lower_bound(s_.key, end, r.keys[i]); at < end && *at == r.keys[i]; ++at)
                compare(r, s_.key_form[at - s_.key]);
    }

    void by_typos(const Reading &r) {
        const int most = r.length <= kShort ? 1 : 2;
        uint32_t places[kSymbols] = {}, own = 0;
        for (int i = 0; i < r.length; ++i) places[r.codes[i]] |= 1u << i, own |= 1u << r.codes[i];
        const uint32_t low = s_.length_start[std::max(1, r.length - most)];
        const uint32_t high = s_.length_start[std::min(kRow, r.length + most) + 1];
        constexpr uint32_t kBlock = 1024;
        uint8_t close[kBlock];
        for (uint32_t from = low; from < high; from += kBlock) {
            const uint32_t n = std::min(kBlock, high - from);
            compare_masks(s_.form_mask + from, n, own, 2 * most, close);
            for (uint32_t i = 0; i < n; ++i) {
                const uint32_t form = from + i;
                if (close[i] && s_.form_unvocalised[form] == r.unvocalised &&
                    edits(places, r.length, s_.form_codes + size_t(form) * kRow, s_.form_length[form]) <= most)
                    compare(r, form);
            }
        }
    }

    void by_initial(const Reading &r) {
        for (uint32_t form = s_.length_start[1]; form < s_.length_start[2]; ++form)
            if (s_.form_codes[size_t(form) * kRow] == r.codes[0]) keep(form, kInitialSimilarity);
    }

    void by_prefix(const Reading &r) {
        for (uint32_t form = s_.length_start[r.length]; form < s_.forms; ++form)
            if (!std::memcmp(s_.form_codes + size_t(form) * kRow, r.codes, r.length))
                keep(form, kPrefixSimilarity);
    }
};

struct QueryPart {
    const Match *matches;
    size_t count;
    int rarity;
    int initial;
};

struct Found {
    uint32_t record, name;
    int score, rank;
    uint8_t pairs[2 * kMaxParts];
};

struct Wanted {
    int floor;
    size_t depth;
    const uint8_t *allowed, *dead;
    bool has_years;
    int from_year, to_year;
};

class Searcher {
  public:
    Searcher(const Sections &s, Workspace &w, const QueryPart *parts, int count, const Wanted &wanted)
        : s_(s), w_(w), parts_(parts), n_(count), wanted_(wanted), bar_(wanted.floor) {
        for (int i = 0; i < n_; ++i) {
            all_ += parts[i].rarity;
            if (parts[i].initial) initials_ += parts[i].rarity;
        }
    }

    void run(std::vector<Found> &out) {
        out.clear();
        out_ = &out;
        const unsigned unread = plan();
        fill();
        for (int i = 0; i < n_; ++i) {
            for (size_t m = 0; m < parts_[i].count; ++m) {
                const uint32_t token = parts_[i].matches[m].token;
                if (!(unread >> i & 1)) scan(token);
                for (uint32_t p = s_.single_start[token]; p < s_.single_start[token + 1]; ++p)
                    evaluate(s_.single_name[p]);
            }
        }
        clear();
        std::sort(out.begin(), out.end(), better);
    }

  private:
    const Sections &s_;
    Workspace &w_;
    const QueryPart *parts_;
    const int n_;
    const Wanted &wanted_;
    int bar_;  // a score below it cannot enter the result any more
    int all_ = 0, initials_ = 0;
    std::vector<Found> *out_ = nullptr;

    static bool better(const Found &a, const Found &b) {
        return a.rank != b.rank ? a.rank > b.rank : a.name < b.name;
    }

    // The set of parts whose postings need not be read: names that contain only parts of the set
    // cannot reach the floor, or have but one part in common with the query (single-part names are
    // read apart). Of all such sets the one that saves most.
    unsigned plan() const {
        uint64_t cost[kMaxParts] = {}, least = ~0ull;
        unsigned initial = 0, chosen = 0;
        for (int i = 0; i < n_; ++i) {
            for (size_t m = 0; m < parts_[i].count; ++m) {
                const uint32_t t = parts_[i].matches[m].token;
                cost[i] += s_.posting_start[t + 1] - s_.posting_start[t];
            }
            if (parts_[i].initial) initial |= 1u << i;
        }
        for (unsigned set = 0; set < 1u << n_; ++set) {
            if ((set & initial) != initial) continue;
            int64_t rarity = 0, sizes = 0;
            uint64_t read = 0;
            for (int i = 0; i < n_; ++i) {
                if (set >> i & 1) rarity += parts_[i].rarity, ++sizes;
                else read += cost[i];
            }
            const bool alone = sizes == 0 || (sizes == 1 && n_ > 1);
            const int64_t bound = kMatched * rarity + kUnmatchedQuery * (all_ - rarity);
            if (!alone && kGain * 255 * rarity >= wanted_.floor * bound) continue;
            if (read < least) least = read, chosen = set;
        }
        return chosen;
    }

    static uint32_t bound(int rarity, int similarity) {  // rounded up: a bound may only be too high
        return uint32_t((rarity * similarity + 31) / 32) << 16 | uint32_t((kMatched - kUnmatchedQuery) * rarity);
    }

    void fill() {
        std::fill(w_.by_class.begin(), w_.by_class.end(), uint32_t(kUnmatchedName * kMinRarity));
        w_.by_class[0] = 0;
        w_.entries.clear();
        for (int i = 0; i < n_; ++i) {
            for (size_t m = 0; m < parts_[i].count; ++m) {
                const Match &match = parts_[i].matches[m];
                int32_t &first = w_.slot[match.token];
                w_.entries.push_back({uint8_t(i), match.similarity, first});
                first = int32_t(w_.entries.size());
                allow(s_.token_class[match.token], bound(parts_[i].rarity, match.similarity));
            }
        }
        uint32_t everything = 0;
        for (int i = 0; i < n_; ++i) everything += bound(parts_[i].rarity, 255);
        w_.by_class[kOverflow] = everything;
    }

    // A class that several parts share gets the highest gain and the lowest rarity of them: adding
    // both can only raise the quotient, since each part's own quotient is above every score.
    void allow(uint32_t cls, uint32_t value) {
        uint32_t &held = w_.by_class[cls];
        const uint32_t gain = std::max(held >> 16, value >> 16);
        const uint32_t rarity = held >> 16 ? std::min(held & 0xFFFF, value & 0xFFFF) : value & 0xFFFF;
        held = gain << 16 | rarity;
    }

    void clear() {
        for (int i = 0; i < n_; ++i)
            for (size_t m = 0; m < parts_[i].count; ++m) w_.slot[parts_[i].matches[m].token] = 0;
    }

    void scan(uint32_t token) {
        uint32_t own = 0;
        for (int32_t e = w_.slot[token]; e; e = w_.entries[e - 1].next) {
            const uint32_t value = bound(parts_[w_.entries[e - 1].part].rarity, w_.entries[e - 1].similarity);
            own = own ? std::max(own >> 16, value >> 16) << 16 | std::min(own & 0xFFFF, value & 0xFFFF) : value;
        }
        const uint64_t base = (uint64_t(own >> 16) + uint64_t(initials_ * 255 + 31) / 32) << 32 |
                              ((own & 0xFFFF) + kUnmatchedQuery * uint32_t(all_) +
                               (kMatched - kUnmatchedQuery) * uint32_t(initials_));
        const uint32_t *by_class = w_.by_class.data();
        const uint32_t *p = s_.posting + size_t(s_.posting_start[token]) * 3;
        const uint32_t *end = s_.posting + size_t(s_.posting_start[token + 1]) * 3;
        for (; p < end; p += 3) {
            const uint32_t a = by_class[p[1] & 0xFFFF], b = by_class[p[1] >> 16];
            const uint32_t c = by_class[p[2] & 0xFFFF], d = by_class[p[2] >> 16];
            const uint64_t gain = (base >> 32) + (a >> 16) + (b >> 16) + (c >> 16) + (d >> 16);
            const uint64_t rarity = uint32_t(base) + (a & 0xFFFF) + (b & 0xFFFF) + (c & 0xFFFF) + (d & 0xFFFF);
            if (gain * 32 * kGain >= uint64_t(std::max(bar_, 0)) * rarity - slack(rarity)) evaluate(p[0]);
        }
    }

    // Initials match any part with that letter, which the classes do not show: such a part was
    // charged as unmatched, so that charge is given back.
    uint64_t slack(uint64_t rarity) const {
        if (!initials_) return 0;
        return std::min<uint64_t>(uint64_t(std::max(bar_, 0)) * rarity,
                                  uint64_t(std::max(bar_, 0)) * kUnmatchedName * kMinRarity * n_);
    }

    void evaluate(uint32_t name) {
        const uint32_t record = s_.name_record[name];
        if (wanted_.dead[record >> 3] >> (record & 7) & 1) return;
        if (!wanted_.allowed[s_.record_class[record]]) return;
        Found found{record, name, 0, 0, {}};
        if (!score(found)) return;
        if (found.score >= bar_) keep(found);
    }

    bool score(Found &found) const {
        const uint32_t *tokens = s_.name_token + s_.name_start[found.name];
        const int m = int(s_.name_start[found.name + 1] - s_.name_start[found.name]);
        uint8_t similar[kMaxParts][kMaxParts] = {};
        int rest = 0;
        for (int j = 0; j < m; ++j) {
            rest += s_.token_rarity[tokens[j]];
            for (int32_t e = w_.slot[tokens[j]]; e; e = w_.entries[e - 1].next)
                similar[w_.entries[e - 1].part][j] = w_.entries[e - 1].similarity;
            for (int i = 0; i < n_; ++i)
                if (parts_[i].initial && s_.token_initial[tokens[j]] == parts_[i].initial)
                    similar[i][j] = std::max<uint8_t>(similar[i][j], kInitialSimilarity);
        }
        for (int i = 0; i < n_; ++i) found.pairs[2 * i] = 255, found.pairs[2 * i + 1] = 0;
        int matched = 0, gain = 0, rarity = kUnmatchedQuery * all_;
        for (unsigned used = 0;;) {
            int best = 0, bi = 0, bj = 0;
            for (int i = 0; i < n_; ++i) {
                if (found.pairs[2 * i] != 255) continue;
                for (int j = 0; j < m; ++j)
                    if (!(used >> j & 1) && similar[i][j] > best) best = similar[i][j], bi = i, bj = j;
            }
            if (!best) break;
            used |= 1u << bj;
            found.pairs[2 * bi] = uint8_t(bj), found.pairs[2 * bi + 1] = uint8_t(best);
            ++matched;
            gain += parts_[bi].rarity * best;
            rarity += (kMatched - kUnmatchedQuery) * parts_[bi].rarity;
            rest -= s_.token_rarity[tokens[bj]];
        }
        if (matched < std::min({2, n_, m})) return false;
        found.score = kGain * gain / (rarity + kUnmatchedName * rest);
        found.rank = found.score + year_bonus(found.record);
        return true;
    }

    int year_bonus(uint32_t record) const {
        const int low = s_.record_years[2 * record], high = s_.record_years[2 * record + 1];
        if (!wanted_.has_years || !high) return 0;
        return low <= wanted_.to_year + 1 && wanted_.from_year <= high + 1 ? kSameYears : kOtherYears;
    }

    void keep(const Found &found) {
        auto &out = *out_;
        for (Found &held : out)
            if (held.record == found.record) {
                if (better(found, held)) held = found;
                return;
            }
        if (out.size() < wanted_.depth) out.push_back(found);
        else {
            auto worst = std::max_element(out.begin(), out.end(), better);
            if (!better(found, *worst)) return;
            *worst = found;
        }
        if (out.size() == wanted_.depth)
            bar_ = std::max(wanted_.floor, std::max_element(out.begin(), out.end(), better)->rank - kSameYears);
    }
};

}  // namespace didban
