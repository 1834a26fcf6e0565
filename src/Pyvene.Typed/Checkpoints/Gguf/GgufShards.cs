using System.Globalization;
using System.Text.RegularExpressions;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Finds the files of a model: one, or the parts that llama.cpp split it into, <c>NAME-00001-of-00003.gguf</c>.</summary>
internal static partial class GgufShards
{
    private const int MostShards = 10_000;

    /// <summary>Finds the model that a path means: a GGUF file, or a folder that holds the files of one.</summary>
    /// <returns>The file, or the first of the parts; <see langword="null"/> when there is none.</returns>
    /// <exception cref="CheckpointException">The folder holds several models.</exception>
    public static string? Find(string path)
    {
        if (!Directory.Exists(path))
        {
            return path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? First(path) : null;
        }

        var models = Directory.EnumerateFiles(path, "*.gguf").Select(First).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return models.Length <= 1
            ? models.FirstOrDefault()
            : throw new CheckpointException(
                path, $"The folder holds several GGUF models, such as '{Path.GetFileName(models[0])}' and '{Path.GetFileName(models[1])}'. Give the file.");
    }

    /// <summary>Opens a model's files, all parts of it, the first first.</summary>
    /// <exception cref="CheckpointException">A file is missing or malformed, or the parts do not belong together.</exception>
    public static IReadOnlyList<GgufFile> Open(string path)
    {
        var files = new List<GgufFile>();
        try
        {
            files.Add(GgufFile.Open(First(path)));
            var count = Whole(files[0], "split.count") ?? 1;
            if (count is < 1 or > MostShards || (count > 1 && PartName().Match(files[0].Path) is var name && !(name.Success && CountOf(name) == count)))
            {
                throw new CheckpointException(files[0].Path, $"'split.count' is {count}, so the name must end with '-00001-of-{count:D5}.gguf', and at most "
                    + $"{MostShards} parts are read.");
            }

            for (var number = 1; number < count; number++)
            {
                files.Add(GgufFile.Open(Numbered(files[0].Path, number)));
            }

            for (var number = 0; count > 1 && number < count; number++)
            {
                if (Whole(files[number], "split.no") != number || Whole(files[number], "split.count") != count)
                {
                    throw new CheckpointException(files[number].Path, $"This is to be part {number + 1} of {count}, but 'split.no' is "
                        + $"{Whole(files[number], "split.no")} (counted from 0) and 'split.count' {Whole(files[number], "split.count")}.");
                }
            }

            var tensors = files.Sum(file => (long)file.Names.Count);
            return Whole(files[0], "split.tensors.count") is { } stated && stated != tensors
                ? throw new CheckpointException(files[0].Path, $"'split.tensors.count' is {stated}, but the {count} parts hold {tensors} tensors.")
                : files;
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private static long? Whole(GgufFile file, string key) => new GgufMetadata(file.Path, file.Metadata).Whole(key);

    private static string First(string path) => PartName().IsMatch(path) ? Numbered(path, 0) : path;

    private static string Numbered(string path, int number) => PartName().Replace(path, match => $"-{number + 1:D5}-of-{match.Groups[1].Value}.gguf");

    private static int CountOf(Match name) => int.Parse(name.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("-[0-9]{5}-of-([0-9]{5})\\.gguf$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PartName();
}
