// The compiled twin of reference.py: same names, same whole numbers, same order.
//
// What is different here is only how little is touched. Postings are read of those parts alone
// without which no name can reach the floor; a posting is dropped by the classes it carries, first by
// which parts may be among them, then by what they can add up to; and a bar that rises with every
// good name found drops what cannot be among the best any more.
#pragma once

#include "expansion.hpp"

#if defined(__GNUC__) || defined(__clang__)
#define DIDBAN_FETCH(at) __builtin_prefetch(at)
#else
#define DIDBAN_FETCH(at) ((void)0)
#endif

namespace didban {

struct QueryPart {
    const Match *matches;
    size_t count;
    uint64_t postings;  // of all matches together
    const Sounds *readings;
    size_t reading_count;
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

// What a search works with; one for each thread. Between searches everything is as it was made.
struct Bench {
    struct Entry {
        uint8_t part, similarity;
        int32_t next;
    };
    struct Gain {
        uint16_t gain, rarity;  // at most, at least: what a part of this class adds to a score
    };
    std::vector<int32_t> slot;      // token -> 1 + index of its first entry in `entries`
    std::vector<Entry> entries;
    std::vector<uint8_t> parts;     // class -> the query's parts that may be among it
    std::vector<Gain> gains;        // class -> what it can add
    std::vector<uint16_t> classes;  // those that the present query has set

    Bench(const Sections &s, const Guides &guides) : slot(s.tokens), parts(kClasses), gains(kClasses) {
        for (uint32_t cls = 0; cls < kClasses; ++cls) gains[cls] = {0, uint16_t(guides.rest[cls])};
    }
};

// What it takes to compare parts directly.
struct Ear {
    const Costs &costs;
    const TokenForms &forms;
    const Comparison &compare;
    int cutoff;

    Ear(const Costs &c, const TokenForms &f, const Comparison &m, int least) : costs(c), forms(f), compare(m), cutoff(least) {}
};

class Searcher {
  public:
    Searcher(const Sections &s, const Guides &guides, Bench &bench, const QueryPart *parts, int count,
             const Wanted &wanted, std::vector<Found> &out)
        : s_(s), guides_(guides), bench_(bench), parts_(parts), n_(count), wanted_(wanted), out_(out),
          bar_(wanted.floor) {
        for (int i = 0; i < n_; ++i) {
            all_ += parts[i].rarity;
            best_[i] = parts[i].count ? std::max<int>(parts[i].matches[0].similarity, kLeast) : 0;
            if (parts[i].initial) best_[i] = std::max(best_[i], kInitialSimilarity);
        }
    }

    void run() {
        out_.clear();
        fill();
        for (int i = 0; i < n_; ++i) read_singles(i);
        unsigned unread = (1u << n_) - 1;
        for (unsigned chosen = plan(); chosen && !is_hopeless(unread);) {
            int next = -1;
            for (int i = 0; i < n_; ++i)
                if (chosen >> i & 1 && (next < 0 || parts_[i].postings < parts_[next].postings)) next = i;
            read(next);
            chosen &= ~(1u << next), unread &= ~(1u << next);
        }
        clear();
        std::sort(out_.begin(), out_.end(), better);
    }

    // How the names of these records pair with the query, in whose order they come: those of which a
    // part agrees. Here parts agree also when it takes a direct comparison to see it.
    void pair(const uint32_t *records, size_t count, const Ear &ear) {
        out_.clear();
        fill();
        fewest_ = 1;
        std::vector<Found> names;
        std::vector<uint32_t> tokens;
        const uint32_t *last = s_.name_record + s_.names;
        for (size_t r = 0; r < count; ++r) {
            Found found;
            found.record = records[r];
            if (found.record >= s_.records || !is_wanted(found.record)) continue;
            const uint32_t *at = std::lower_bound(s_.name_record, last, found.record);
            for (; at < last && *at == found.record; ++at) {
                found.name = uint32_t(at - s_.name_record);
                names.push_back(found);
                tokens.insert(tokens.end(), s_.name_token + s_.name_start[found.name],
                              s_.name_token + s_.name_start[found.name + 1]);
            }
        }
        std::sort(tokens.begin(), tokens.end());
        tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
        for (int i = 0; i < n_; ++i) hear(i, tokens, ear);
        for (Found &found : names) {
            if (!score(found)) continue;
            found.rank = found.score + year_bonus(found.record);
            out_.push_back(found);
        }
        for (uint32_t t : tokens) bench_.slot[t] = 0;
        clear();
    }

  private:
    static constexpr int kBatch = 64;
    static constexpr int kLeast = 128;  // from this similarity on one more part that agrees can only help
    const Sections &s_;
    const Guides &guides_;
    Bench &bench_;
    const QueryPart *parts_;
    const int n_;
    const Wanted &wanted_;
    std::vector<Found> &out_;
    int bar_;  // a score below it cannot enter the result any more
    uint32_t worst_name_ = ~0u;  // nor one that is just at the bar, of a later name than this
    size_t worst_ = 0;
    int all_ = 0;
    int best_[kMaxParts];  // the similarity of a part at most; 0: it agrees with nothing
    uint8_t admitted_[1 << kMaxParts];  // sets of parts that can reach the bar
    int admitted_bar_ = -1, admitted_similarity_ = -1;
    uint32_t batch_[kBatch];
    int batched_ = 0;
    int fewest_ = 2;  // so many parts agree at least, or the only one of the query or of the name

    static bool better(const Found &a, const Found &b) {
        return a.rank != b.rank ? a.rank > b.rank : a.name < b.name;
    }

    bool reaches(int64_t gain, int64_t rarity, int bar) const { return kGain * gain >= bar * rarity; }

    bool reaches_alone(int part, int similarity) const {
        const int rarity = parts_[part].rarity;
        return reaches(int64_t(rarity) * similarity, kUnmatchedQuery * all_ + (kMatched - kUnmatchedQuery) * rarity, bar_);
    }

    // Whether names in which only these parts agree can have no place in the result.
    bool is_hopeless(unsigned set) const {
        int64_t gain = 0, rarity = 0, sizes = 0;
        for (int i = 0; i < n_; ++i)
            if (set >> i & 1 && best_[i])
                gain += int64_t(parts_[i].rarity) * best_[i], rarity += parts_[i].rarity, ++sizes;
        if (sizes == 0 || (sizes == 1 && n_ > 1)) return true;
        return !reaches(gain, kMatched * rarity + kUnmatchedQuery * (all_ - rarity), bar_);
    }

    // The parts whose postings must be read: names in which only the others agree cannot reach the
    // floor, or have but one part in common with the query (names of one part are read apart). Of all
    // such sets the one with the fewest postings. An initial has none.
    unsigned plan() const {
        const unsigned every = (1u << n_) - 1;
        unsigned with_postings = every, chosen = every;
        for (int i = 0; i < n_; ++i)
            if (parts_[i].initial) with_postings &= ~(1u << i);
        uint64_t least = ~uint64_t(0);
        for (unsigned set = 0; set <= every; ++set) {
            if (set & ~with_postings || !is_hopeless(every & ~set)) continue;
            uint64_t postings = 0;
            for (int i = 0; i < n_; ++i)
                if (set >> i & 1) postings += parts_[i].postings;
            if (postings < least) least = postings, chosen = set;
        }
        return chosen & with_postings;
    }

    void fill() {
        bench_.entries.clear();
        for (int i = 0; i < n_; ++i) {
            for (size_t m = 0; m < parts_[i].count; ++m) {
                const Match &match = parts_[i].matches[m];
                int32_t &first = bench_.slot[match.token];
                bench_.entries.push_back({uint8_t(i), match.similarity, first});
                first = int32_t(bench_.entries.size());
                allow(match.cls, i, match.similarity);
            }
            if (const int sound = parts_[i].initial)
                for (uint32_t c = guides_.initial_start[sound]; c < guides_.initial_start[sound + 1]; ++c)
                    allow(guides_.initial_classes[c], i, kInitialSimilarity);
        }
        bench_.parts[kOverflow] = uint8_t((1u << n_) - 1);
    }

    // A class that several parts share gets the highest gain and the lowest rarity of them: adding
    // both can only raise the quotient, since each part's own quotient is above every score.
    void allow(uint16_t cls, int part, int similarity) {
        const int rarity = parts_[part].rarity;
        const Bench::Gain own = {uint16_t(rarity * similarity), uint16_t((kMatched - kUnmatchedQuery) * rarity)};
        Bench::Gain &held = bench_.gains[cls];
        if (!bench_.parts[cls]) bench_.classes.push_back(cls), held = own;
        else held = {std::max(held.gain, own.gain), std::min(held.rarity, own.rarity)};
        bench_.parts[cls] |= uint8_t(1u << part);
    }

    void clear() {
        for (int i = 0; i < n_; ++i)
            for (size_t m = 0; m < parts_[i].count; ++m) bench_.slot[parts_[i].matches[m].token] = 0;
        for (uint16_t cls : bench_.classes) {
            bench_.parts[cls] = 0;
            bench_.gains[cls] = {0, uint16_t(guides_.rest[cls])};
        }
        bench_.parts[kOverflow] = 0;
        bench_.classes.clear();
    }

    // Names of this one part alone; where the query has an initial, that may fit better.
    void read_singles(int part) {
        const QueryPart &p = parts_[part];
        bool by_initial = false;
        for (int i = 0; i < n_; ++i) by_initial |= parts_[i].initial && reaches_alone(i, kInitialSimilarity);
        for (size_t m = 0; m < p.count; ++m) {
            if (!by_initial && !reaches_alone(part, p.matches[m].similarity)) return;
            const uint32_t token = p.matches[m].token;
            for (uint32_t at = s_.single_start[token]; at < s_.single_start[token + 1]; ++at)
                evaluate(s_.single_name[at]);
        }
    }

    // Names in which this part agrees: by falling similarity, until it is too low.
    void read(int part) {
        const QueryPart &p = parts_[part];
        constexpr size_t kAhead = 4;
        for (size_t m = 0; m < p.count; ++m) {
            if (m + 2 * kAhead < p.count) DIDBAN_FETCH(s_.posting_start + p.matches[m + 2 * kAhead].token);
            if (m + kAhead < p.count) DIDBAN_FETCH(s_.posting + size_t(s_.posting_start[p.matches[m + kAhead].token]) * 3);
            admit(part, p.matches[m].similarity);
            if (!admitted_[(1u << n_) - 1]) break;
            scan(part, p.matches[m]);
        }
        drain();
    }

    // Which sets of parts can reach the bar, with this part at this similarity in each.
    void admit(int part, int similarity) {
        const int key = part << 8 | similarity;
        if (admitted_bar_ == bar_ && admitted_similarity_ == key) return;
        admitted_bar_ = bar_, admitted_similarity_ = key;
        for (unsigned set = 0; set < 1u << n_; ++set) {
            int64_t gain = 0, rarity = kUnmatchedQuery * all_;
            int sizes = 0;
            for (int i = 0; i < n_; ++i) {
                if (!((set | 1u << part) >> i & 1) || !best_[i]) continue;
                gain += int64_t(parts_[i].rarity) * (i == part ? similarity : best_[i]);
                rarity += (kMatched - kUnmatchedQuery) * parts_[i].rarity;
                ++sizes;
            }
            admitted_[set] = sizes >= std::min(2, n_) && reaches(gain, rarity, bar_);
        }
    }

    void scan(int part, const Match &match) {
        const uint8_t *parts = bench_.parts.data();
        const Bench::Gain *gains = bench_.gains.data();
        const int64_t own_gain = int64_t(parts_[part].rarity) * match.similarity;
        const int64_t own_rarity = kUnmatchedQuery * all_ + (kMatched - kUnmatchedQuery) * parts_[part].rarity;
        const uint32_t *p = s_.posting + size_t(s_.posting_start[match.token]) * 3;
        const uint32_t *end = s_.posting + size_t(s_.posting_start[match.token + 1]) * 3;
        for (; p < end; p += 3) {
            const uint32_t a = p[1] & 0xFFFF, b = p[1] >> 16, c = p[2] & 0xFFFF, d = p[2] >> 16;
            if (!admitted_[parts[a] | parts[b] | parts[c] | parts[d]]) continue;
            if (d != kOverflow) {
                const int64_t gain = own_gain + gains[a].gain + gains[b].gain + gains[c].gain + gains[d].gain;
                const int64_t rarity = own_rarity + gains[a].rarity + gains[b].rarity + gains[c].rarity + gains[d].rarity;
                if (!reaches(gain, rarity, bar_ + (p[0] > worst_name_))) continue;
            }
            DIDBAN_FETCH(s_.name_start + p[0]);
            batch_[batched_] = p[0];
            if (++batched_ == kBatch) {
                drain();
                admit(part, match.similarity);
            }
        }
    }

    void drain() {
        for (int k = 0; k < batched_; ++k) DIDBAN_FETCH(s_.name_token + s_.name_start[batch_[k]]);
        for (int k = 0; k < batched_; ++k) evaluate(batch_[k]);
        batched_ = 0;
    }

    void evaluate(uint32_t name) {
        Found found;
        found.name = name;
        if (!score(found) || found.score < bar_ + (name > worst_name_)) return;
        found.record = s_.name_record[name];
        if (!is_wanted(found.record)) return;
        found.rank = found.score + year_bonus(found.record);
        keep(found);
    }

    bool is_wanted(uint32_t record) const {
        return !(wanted_.dead[record >> 3] >> (record & 7) & 1) && wanted_.allowed[s_.record_class[record]];
    }

    bool score(Found &found) const {
        const uint32_t *tokens = s_.name_token + s_.name_start[found.name];
        const int m = int(s_.name_start[found.name + 1] - s_.name_start[found.name]);
        uint8_t similar[kMaxParts][kMaxParts] = {};
        int rest = 0;
        for (int j = 0; j < m; ++j) {
            rest += s_.token_rarity[tokens[j]];
            for (int32_t e = bench_.slot[tokens[j]]; e; e = bench_.entries[e - 1].next)
                similar[bench_.entries[e - 1].part][j] = bench_.entries[e - 1].similarity;
            for (int i = 0; i < n_; ++i)
                if (parts_[i].initial && s_.token_initial[tokens[j]] == parts_[i].initial)
                    similar[i][j] = std::max<uint8_t>(similar[i][j], kInitialSimilarity);
        }
        for (int i = 0; i < kMaxParts; ++i) found.pairs[2 * i] = 255, found.pairs[2 * i + 1] = 0;
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
        if (matched < std::max(1, std::min({fewest_, n_, m}))) return false;
        found.score = kGain * gain / (rarity + kUnmatchedName * rest);
        return true;
    }

    // Notes where a part sounds like a token that no key and no edit brought together with it. A letter
    // alone is an initial, and no name that sounds like another.
    void hear(int part, const std::vector<uint32_t> &tokens, const Ear &ear) {
        std::vector<uint32_t> places, forms;  // what is to be compared, and which token it is a form of
        for (uint32_t k = 0; k < tokens.size(); ++k) {
            if (is_known(part, tokens[k])) continue;
            for (uint32_t at = ear.forms.start[tokens[k]]; at < ear.forms.start[tokens[k] + 1]; ++at)
                if (s_.form_length[ear.forms.form[at]] > 1) places.push_back(k), forms.push_back(ear.forms.form[at]);
        }
        std::vector<int> best(tokens.size());
        for (size_t r = 0; r < parts_[part].reading_count; ++r)
            if (parts_[part].readings[r].length > 1) compare(parts_[part].readings[r], forms, places, ear, best);
        for (size_t k = 0; k < tokens.size(); ++k) {
            if (!best[k] || best[k] < ear.cutoff) continue;
            int32_t &first = bench_.slot[tokens[k]];
            bench_.entries.push_back({uint8_t(part), uint8_t(best[k]), first});
            first = int32_t(bench_.entries.size());
        }
    }

    bool is_known(int part, uint32_t token) const {
        if (parts_[part].initial && s_.token_initial[token] == parts_[part].initial) return true;
        for (int32_t e = bench_.slot[token]; e; e = bench_.entries[e - 1].next)
            if (bench_.entries[e - 1].part == part) return true;
        return false;
    }

    // Raises `best` of each place to the similarity of one of its forms.
    void compare(const Sounds &own, const std::vector<uint32_t> &forms, const std::vector<uint32_t> &places,
                 const Ear &ear, std::vector<int> &best) const {
        int weight = 0, count[2] = {};
        for (int i = 0; i < own.length; ++i) weight += ear.costs.insertion[0][own.codes[i]];
        uint32_t form[2][kLanes], place[2][kLanes];
        const auto flush = [&](int table) {
            uint8_t cost[kLanes];
            ear.compare.distances(ear.costs, own.codes, own.length, s_.form_codes, s_.form_length, form[table],
                                  count[table], table, cost);
            for (int k = 0; k < count[table]; ++k) {
                const uint32_t f = form[table][k];
                int apart = cost[k];
                if (apart == kMost)
                    apart = distance(ear.costs, own.codes, own.length, s_.form_codes + size_t(f) * kRow,
                                     s_.form_length[f], table);
                int &most = best[place[table][k]];
                most = std::max(most, kScale - kSlope * apart / std::max<int>({weight, s_.form_weight[f], 1}));
            }
            count[table] = 0;
        };
        for (size_t k = 0; k < forms.size(); ++k) {
            const int table = s_.form_unvocalised[forms[k]] != own.unvocalised, at = count[table]++;
            form[table][at] = forms[k], place[table][at] = places[k];
            if (count[table] == kLanes) flush(table);
        }
        for (int table : {0, 1})
            if (count[table]) flush(table);
    }

    int year_bonus(uint32_t record) const {
        const int low = s_.record_years[2 * record], high = s_.record_years[2 * record + 1];
        if (!wanted_.has_years || !high) return 0;
        return low <= wanted_.to_year + 1 && wanted_.from_year <= high + 1 ? kSameYears : kOtherYears;
    }

    void keep(const Found &found) {
        const bool is_full = out_.size() == wanted_.depth;
        if (is_full && !better(found, out_[worst_])) return;
        for (Found &held : out_)
            if (held.record == found.record) {
                if (better(found, held)) held = found;
                return is_full ? raise() : void();
            }
        if (is_full) out_[worst_] = found;
        else out_.push_back(found);
        if (out_.size() == wanted_.depth) raise();
    }

    // The result is full: from now on a name must be better than the worst in it.
    void raise() {
        worst_ = size_t(std::max_element(out_.begin(), out_.end(), better) - out_.begin());
        const int least = out_[worst_].rank - (wanted_.has_years ? kSameYears : 0);
        if (least < wanted_.floor) return;
        bar_ = least, worst_name_ = out_[worst_].name;
    }
};

}  // namespace didban
