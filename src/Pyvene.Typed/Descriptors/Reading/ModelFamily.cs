namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is the kind of a model: what it reads and gives back.</summary>
internal enum ModelFamily
{
    /// <summary>Any other model.</summary>
    Module,

    /// <summary>A model that reads tokens and predicts the next one.</summary>
    LanguageModel,

    /// <summary>A model whose decoder writes text behind what an encoder reads; it has classes without a decoder or a head, too.</summary>
    EncoderDecoder,
}
