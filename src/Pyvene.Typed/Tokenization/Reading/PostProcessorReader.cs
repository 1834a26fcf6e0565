using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.PostProcessors;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>post_processor</c>.</summary>
/// <param name="tokenOf">Gives the token of an id; null where there is none.</param>
internal sealed class PostProcessorReader(Func<int, string?> tokenOf)
{
    private const int LongestTemplate = 1000;

    public PostProcessor? Read(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        var type = place["type"];
        return type.String() switch
        {
            "Sequence" => new PostProcessorSequence([.. place["processors"].Items().Select(step => Read(step) ?? throw step.Error("a step is null"))]),
            "ByteLevel" => new ByteLevelPostProcessor(ReadTrimming(place)),
            "TemplateProcessing" => ReadTemplate(place),
            "RobertaProcessing" => ReadClassifier(place, separators: 2, pairType: 0, ReadTrimming(place)),
            "BertProcessing" => ReadClassifier(place, separators: 1, pairType: 1, trimming: null),
            var other => throw type.Unsupported($"the post-processor '{other}' is not supported"),
        };
    }

    /// <summary>The layout of BERT and RoBERTa: a token before, one or two between, one behind.</summary>
    public static TemplatePostProcessor Classifier(int cls, int sep, int separators, int pairType, OffsetTrimming? trimming)
    {
        TemplatePiece[] single = [Special(cls, 0), Text(0, 0), Special(sep, 0)];
        TemplatePiece[] pair =
        [
            .. single, .. Enumerable.Repeat(Special(sep, pairType), separators - 1), Text(1, pairType), Special(sep, pairType),
        ];
        return new TemplatePostProcessor(single, pair, trimming);
    }

    private TemplatePostProcessor ReadClassifier(JsonPlace place, int separators, int pairType, OffsetTrimming? trimming) =>
        Classifier(ReadTokenId(place["cls"]), ReadTokenId(place["sep"]), separators, pairType, trimming);

    private OffsetTrimming? ReadTrimming(JsonPlace place) =>
        place["trim_offsets"].Boolean(true) ? new OffsetTrimming(place["add_prefix_space"].Boolean(true), id => tokenOf(id) ?? "") : null;

    private int ReadTokenId(JsonPlace place)
    {
        var items = place.Items().ToList();
        return items.Count == 2 ? ReadId(items[1]) : throw place.Error("a token and its id are expected");
    }

    private int ReadId(JsonPlace place) =>
        tokenOf(place.Integer()) is not null ? place.Integer() : throw place.Error($"no token has the id {place.Integer()}");

    private TemplatePostProcessor ReadTemplate(JsonPlace place)
    {
        var specials = place["special_tokens"] is { Exists: true } tokens
            ? tokens.Members().ToDictionary(
                member => member.Value["id"].OptionalString() ?? member.Name,
                member => (IReadOnlyList<int>)[.. member.Value["ids"].Items().Select(ReadId)])
            : [];
        return new TemplatePostProcessor(ReadPieces(place["single"], specials), ReadPieces(place["pair"], specials));
    }

    private static List<TemplatePiece> ReadPieces(JsonPlace place, Dictionary<string, IReadOnlyList<int>> specials)
    {
        var pieces = place.Items().Select(piece => ReadPiece(piece, specials)).ToList();
        return pieces.Sum(piece => 1 + piece.Ids.Count) <= LongestTemplate
            ? pieces
            : throw place.Error($"the template has more than {LongestTemplate} parts");
    }

    private static TemplatePiece ReadPiece(JsonPlace piece, Dictionary<string, IReadOnlyList<int>> specials)
    {
        if (piece["Sequence"] is { Exists: true } text)
        {
            var id = text["id"];
            var index = id.String() switch
            {
                "A" => 0,
                "B" => 1,
                var other => throw id.Error($"the text '{other}' is neither 'A' nor 'B'"),
            };
            return Text(index, text["type_id"].Integer(0));
        }

        var special = piece["SpecialToken"];
        var name = special["id"].String();
        return specials.TryGetValue(name, out var ids)
            ? new TemplatePiece(null, ids, special["type_id"].Integer(0))
            : throw special.Error($"the special token '{name}' is not among the special_tokens of the template");
    }

    private static TemplatePiece Text(int index, int typeId) => new(index, [], typeId);

    private static TemplatePiece Special(int id, int typeId) => new(null, [id], typeId);
}
