namespace Pyvene.Typed.Models.Bert;

/// <summary>Lists BERT's classes.</summary>
internal static class BertArchitecture
{
    private const string ModelType = "bert";

    /// <summary>Returns the classes that can be loaded.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new ModelClass(nameof(BertModel), ModelType, (config, device) => new BertModel(config, device)),
        new ModelClass(nameof(BertForMaskedLM), ModelType, (config, device) => new BertForMaskedLM(config, device)),
        new ModelClass(nameof(BertForSequenceClassification), ModelType, (config, device) => new BertForSequenceClassification(config, device)),
    ];
}
