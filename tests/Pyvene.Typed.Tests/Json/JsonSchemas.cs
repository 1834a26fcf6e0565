using System.Collections.Concurrent;
using NJsonSchema;

namespace Pyvene.Typed.Tests.Json;

/// <summary>Asks the schemas of the docs what they take.</summary>
internal static class JsonSchemas
{
    private static readonly ConcurrentDictionary<string, Lazy<JsonSchema>> Read = new(StringComparer.Ordinal);

    /// <summary>Asserts that a text is of a form.</summary>
    /// <param name="name">The form: <c>config</c>, <c>grid</c> or <c>training</c>.</param>
    /// <param name="text">The text.</param>
    public static void Accepts(string name, string text) => Assert.Empty(Of(name).Validate(text).Select(error => $"{error.Path}: {error.Kind}"));

    /// <summary>Asserts that a text is not of a form.</summary>
    /// <param name="name">The form: <c>config</c>, <c>grid</c> or <c>training</c>.</param>
    /// <param name="text">The text.</param>
    public static void Refuses(string name, string text) => Assert.NotEmpty(Of(name).Validate(text));

    private static JsonSchema Of(string name) => Read.GetOrAdd(name, file => new(() =>
        JsonSchema.FromFileAsync(Path.Combine(Repository.Root, "docs", $"{file}.schema.json")).GetAwaiter().GetResult())).Value;
}
