using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Holds what is read of a <c>tokenizer.model</c>, the file of SentencePiece.</summary>
/// <remarks>Source: sentencepiece_model.proto of github.com/google/sentencepiece.</remarks>
internal sealed class SentencePieceFile
{
    public const int Unigram = 1, BytePair = 2; // kinds of models
    public const int Control = 3, UserDefined = 4; // kinds of pieces

    // A vocabulary has some hundred thousand; a file of the largest size that is read could claim many more than memory holds.
    private const int MostPieces = 1 << 22;
    private const int LongestPiece = 4096; // bytes

    private static readonly string[] ModelNames = ["", "unigram", "bpe", "word", "char"];

    private readonly List<string> told = [];

    private SentencePieceFile(string path) => Path = path;

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets the pieces, whose places are their ids.</summary>
    public List<(string Text, float Score, int Kind)> Pieces { get; } = [];

    /// <summary>Gets the kind of the model.</summary>
    public int Model { get; private set; } = Unigram;

    /// <summary>Gets the name of the kind of the model.</summary>
    public string ModelName => Model >= 1 && Model < ModelNames.Length ? ModelNames[Model] : $"{Model}";

    /// <summary>Gets the piece for what has none.</summary>
    public string UnknownPiece { get; private set; } = "<unk>";

    /// <summary>Gets the settings that SentencePiece follows, and transformers' conversion, which is followed here, does not.</summary>
    public IReadOnlyList<string> Told => told;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TokenizerException">It cannot be read, or is malformed; the message names the byte.</exception>
    public static SentencePieceFile Read(string path)
    {
        var file = new SentencePieceFile(path);
        var message = new ProtobufMessage(TokenizerFile.ReadBytes(path), path);
        var trimsSpaces = true; // what an absent field means
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    file.AddPiece(message);
                    break;
                case 2:
                    file.ReadTrainer(message.Message());
                    break;
                case 3:
                    trimsSpaces = file.ReadNormalizer(message.Message());
                    break;
            }
        }

        if (trimsSpaces)
        {
            file.told.Add("normalizer_spec.remove_extra_whitespaces");
        }

        return file.Pieces.Count > 0 ? file : throw new TokenizerException("it has no pieces, so it is no model of SentencePiece", path);
    }

    private void AddPiece(ProtobufMessage message)
    {
        var (text, score, kind) = ("", 0F, 1);
        var piece = message.Message();
        while (piece.Next())
        {
            switch (piece.Field)
            {
                case 1:
                    text = piece.Text(LongestPiece);
                    break;
                case 2:
                    score = piece.Single() is var given && float.IsFinite(given) ? given : throw piece.Wrong($"the score of a piece is {given}");
                    break;
                case 3:
                    kind = piece.Whole();
                    break;
            }
        }

        if (text.Length == 0 || Pieces.Count == MostPieces)
        {
            throw message.Wrong(text.Length == 0 ? $"piece {Pieces.Count} has no text" : $"there are more than {MostPieces} pieces");
        }

        Pieces.Add((text, score, kind));
    }

    private void ReadTrainer(ProtobufMessage trainer)
    {
        while (trainer.Next())
        {
            switch (trainer.Field)
            {
                case 3:
                    Model = trainer.Whole();
                    break;
                case 24 when trainer.Flag():
                    told.Add("trainer_spec.treat_whitespace_as_suffix");
                    break;
                case 45:
                    UnknownPiece = trainer.Text(LongestPiece);
                    break;
            }
        }
    }

    /// <summary>Tells what is not followed; gives whether spaces are taken out at the ends and where they stand together.</summary>
    private bool ReadNormalizer(ProtobufMessage normalizer)
    {
        var trimsSpaces = true;
        while (normalizer.Next())
        {
            switch (normalizer.Field)
            {
                case 2 when normalizer.Length() > 0:
                    told.Add("normalizer_spec.precompiled_charsmap");
                    break;
                case 4:
                    trimsSpaces = normalizer.Flag();
                    break;
                case 5 when !normalizer.Flag():
                    told.Add("normalizer_spec.escape_whitespaces");
                    break;
            }
        }

        return trimsSpaces;
    }
}
