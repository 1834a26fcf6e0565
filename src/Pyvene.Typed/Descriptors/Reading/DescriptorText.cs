using System;
using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Is a descriptor as it is written: its text, the JSON in it and the names by which descriptors find each other. Equal when path and text are.
/// </summary>
internal sealed class DescriptorText : IEquatable<DescriptorText>
{
    private const int Longest = 262_144;

    private readonly string text;
    private readonly List<(TextRange Span, string Message)> faults = [];

    /// <summary>Reads a descriptor.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="text">The file's text.</param>
    public DescriptorText(string path, string text)
    {
        Path = path;
        this.text = text;
        if (text.Length <= Longest) Root = new JsonCursor(text, (span, message) => faults.Add((span, message))).ReadDocument();
    }

    private DescriptorText(string path, ParseDiagnostic failure)
        : this(path, "") => Failure = failure;

    /// <summary>Gets the file's path.</summary>
    public string Path { get; }

    /// <summary>Gets the document, or <see langword="null"/> when it cannot be read.</summary>
    public JsonValue? Root { get; }

    /// <summary>Gets why the file has no text, or <see langword="null"/>.</summary>
    public ParseDiagnostic? Failure { get; }

    /// <summary>Gets the architecture that it describes, or <see langword="null"/>.</summary>
    public string? Key => TextOf("architecture")?.Text;

    /// <summary>Gets the architecture that it says it is like, or <see langword="null"/>.</summary>
    public JsonValue? Like => TextOf("like");

    /// <summary>Returns what is known of a file that cannot be opened.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="exception">What opening it failed with.</param>
    public static DescriptorText Unreadable(string path, Exception exception) => new(path, ParseDiagnostic.Failure(path, exception));

    /// <summary>Returns the text with the errors of its JSON.</summary>
    public DescriptorSource ToSource()
    {
        var source = new DescriptorSource(Path, text);
        if (text.Length > Longest) source.Report(
            DescriptorRules.TooLarge, default, $"{text.Length} characters", $"at most {Longest} are read, so describe one architecture in one file");
        foreach (var (span, message) in faults) source.Report(DescriptorRules.MalformedJson, span, message);
        return source;
    }

    /// <inheritdoc/>
    public bool Equals(DescriptorText? other) => other is not null && Path == other.Path && Equals(Failure, other.Failure) && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DescriptorText);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Path);

    private JsonValue? TextOf(string key) => Root?.Find(key) is { Kind: JsonKind.String } value ? value : null;
}
